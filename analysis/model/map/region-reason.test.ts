import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../../protocol/transport.ts';
import { costTerms } from '../../../results/schema/cost-terms.ts';
import { reasonFor } from './region-reason.ts';
import type { TransportCost } from './transport-cost.ts';

type Given = {
  readonly layers?: Partial<TransportCost['layers']>;
  readonly terms?: Partial<TransportCost['terms']>;
  /** Of a client in a second. */
  readonly updates?: number;
  readonly requests?: number;
  readonly pollIntervalMs?: number;
  readonly semantics?: 'every' | 'latest';
};

function cost(transport: Transport, given: Given = {}): TransportCost {
  const { layers, terms, updates = 1, requests = 1, pollIntervalMs = 2000, semantics = 'every' } = given;
  return {
    transport,
    wire: 0,
    cpu: 0,
    layers: { updates: 0, framing: 0, tls: 0, packets: 0, ...layers },
    terms: { ...(Object.fromEntries(costTerms.map((term) => [term, 0])) as TransportCost['terms']), ...terms },
    serving: { expected: { deliveriesPerSecond: updates, requestsPerSecond: requests } },
    scenario: { pollIntervalMs, heartbeatMs: 15_000, semantics },
  } as unknown as TransportCost;
}

test('the part of the bytes in which the next one needs most more is named', () => {
  const second = cost('sse', { layers: { framing: 50, packets: 90 } });
  assert.equal(reasonFor(cost('websocket'), second, 'wire'), 'an update is a frame: fewer packets than with SSE');
  const framed = cost('sse', { layers: { framing: 50, packets: 20 } });
  assert.equal(
    reasonFor(cost('websocket', { layers: { packets: 19 } }), framed, 'wire'),
    'an update is a frame: fewer bytes of framing and headers than with SSE',
  );
});

test('polls that bring several updates say so, and those that bring none of what a heartbeat would', () => {
  const second = cost('websocket', { layers: { packets: 90 } });
  assert.equal(
    reasonFor(cost('short-polling', { updates: 6, requests: 0.5 }), second, 'wire'),
    'a poll each 2 s brings 12 updates: fewer packets than with WebSocket',
  );
  assert.match(reasonFor(cost('short-polling', { updates: 0.1, requests: 0.5 }), second, 'wire'), /^a poll each 2 s: /);
  assert.match(
    reasonFor(cost('long-polling', { updates: 6, requests: 0.5 }), second, 'wire'),
    /^an answer brings 12 updates: /,
  );
  assert.match(reasonFor(cost('long-polling'), second, 'wire'), /^one request for each answer: /);
});

test('polls bring the newest update alone where that replaces older ones', () => {
  const second = cost('websocket', { layers: { updates: 90 } });
  assert.equal(
    reasonFor(cost('short-polling', { semantics: 'latest' }), second, 'wire'),
    'a poll each 2 s brings the newest update alone: fewer bytes of updates than with WebSocket',
  );
});

test('a stream of rare updates is its heartbeats', () => {
  const second = cost('websocket', { layers: { packets: 90 } });
  // Heartbeats come after 15 s of silence.
  assert.match(reasonFor(cost('sse', { updates: 0.19 }), second, 'wire'), /^a heartbeat goes one way: /);
  assert.match(reasonFor(cost('sse', { updates: 0.21 }), second, 'wire'), /^an update is a line of a stream: /);
});

test('by CPU the term of the cost is named', () => {
  const second = cost('long-polling', { terms: { requests: 30, deliveries: 20 } });
  assert.equal(
    reasonFor(cost('websocket', { terms: { deliveries: 15 } }), second, 'cpu'),
    'an update is a frame: fewer or cheaper requests than with Long polling',
  );
});

test('the only one that keeps to the tolerance has no other to compare with', () => {
  assert.equal(
    reasonFor(cost('websocket'), undefined, 'wire'),
    'an update is a frame; no other keeps to the tolerance',
  );
});
