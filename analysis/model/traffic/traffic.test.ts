import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Transport } from '../../../protocol/transport.ts';
import type { Expectation } from '../freshness/conditions.ts';
import { uniform } from '../freshness/distribution.ts';
import { type Messages, type Traffic, trafficOf } from './traffic.ts';

/** An encoded update has 5 + 3 + 9 + 1 bytes before its payload of 82: 100. */
const messages: Messages = {
  encoding: 'json',
  payloadBytes: 82,
  publishBytes: 32,
  numbers: { clients: 10, channels: 10, version: 500, instantUs: 100_000_000 },
  heads: { poll: 90, emptyAnswer: 120, fullAnswer: 160, publish: 130, publishAnswer: 150 },
  encrypted: false,
};

const quiet: Expectation = {
  latency: uniform(0, 0),
  staleness: uniform(0, 0),
  staleFraction: 0,
  deliveriesPerSecond: 0,
  requestsPerSecond: 0,
  emptyShare: 0,
  heldShare: 0,
  afterSilenceShare: 0,
  heartbeatsPerSecond: 0,
};

type Case = {
  readonly transport: Transport;
  readonly expected?: Partial<Expectation>;
  readonly publishesPerSecond?: number;
  readonly messages?: Partial<Messages>;
  /** Updates, framing, TLS and packets per second. */
  readonly down: readonly [number, number, number, number];
  readonly up: readonly [number, number, number, number];
};

const cases: Readonly<Record<string, Case>> = {
  'WebSocket: two frames a second, each acknowledged': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 2 },
    down: [200, 4, 0, 2],
    up: [0, 0, 0, 2],
  },
  'WebSocket: a ping and a pong, each acknowledged': {
    transport: 'websocket',
    expected: { heartbeatsPerSecond: 3 },
    down: [0, 6, 0, 6],
    up: [0, 18, 0, 6],
  },
  'SSE: a chunk of id, data and a blank line': {
    transport: 'sse',
    expected: { deliveriesPerSecond: 2 },
    // 4 + 3 + 1, 6 + 100 + 1, and 1 are 116 bytes, hence 74 in the head of the chunk, and two line ends.
    down: [200, 2 * (16 + 6), 0, 2],
    up: [0, 0, 0, 2],
  },
  'SSE: a comment in a chunk': {
    transport: 'sse',
    expected: { heartbeatsPerSecond: 2 },
    down: [0, 2 * 8, 0, 2],
    up: [0, 0, 0, 2],
  },
  'SSE: binary as base64': {
    transport: 'sse',
    expected: { deliveriesPerSecond: 1 },
    messages: { encoding: 'binary', payloadBytes: 86 },
    // 14 + 86 bytes are 136 of base64: 152 with id and data, and 6 of the chunk.
    down: [100, 36 + 16 + 6, 0, 1],
    up: [0, 0, 0, 1],
  },
  'short polling: 4 polls, 1 of them with 2 updates': {
    transport: 'short-polling',
    expected: { requestsPerSecond: 4, emptyShare: 0.75, deliveriesPerSecond: 2 },
    // A body of 2 · (100 + 5): its length has 3 digits.
    down: [200, 3 * 120 + 160 + 3 + 10, 0, 4],
    // Channel and client have a digit each, the version 3.
    up: [0, 4 * 95, 0, 8],
  },
  'short polling without updates': {
    transport: 'short-polling',
    expected: { requestsPerSecond: 2, emptyShare: 1 },
    down: [0, 240, 0, 2],
    up: [0, 190, 0, 4],
  },
  'long polling: the server acknowledges what it holds': {
    transport: 'long-polling',
    expected: { requestsPerSecond: 2, emptyShare: 0, deliveriesPerSecond: 2, heldShare: 0.5 },
    // 0.5 · 1.5 acknowledgements of its own for each.
    down: [200, 2 * (160 + 3 + 5), 0, 3.5],
    // &wait=25000
    up: [0, 2 * 106, 0, 2],
  },
  'long polling: all held': {
    transport: 'long-polling',
    expected: { requestsPerSecond: 1, emptyShare: 1, heldShare: 1 },
    down: [0, 120, 0, 2],
    up: [0, 106, 0, 1],
  },
  'long polling of binary has a longer content type': {
    transport: 'long-polling',
    expected: { requestsPerSecond: 1, emptyShare: 0, deliveriesPerSecond: 1 },
    messages: { encoding: 'binary', payloadBytes: 86 },
    down: [100, 160 + 8 + 3 + 5, 0, 1],
    up: [0, 106, 0, 1],
  },
  'publishing by POST: head, client and length; the answer is acknowledged': {
    transport: 'sse',
    publishesPerSecond: 2,
    // {"ack":[500,500]} has 17 bytes.
    down: [0, 2 * (150 + 2 + 17), 0, 2],
    up: [2 * 50, 2 * (130 + 1 + 2), 0, 4],
  },
  'publishing of binary by POST': {
    transport: 'sse',
    publishesPerSecond: 1,
    messages: { encoding: 'binary' },
    down: [0, 150 + 2 + 17, 0, 1],
    up: [46, 130 + 8 + 1 + 2, 0, 2],
  },
  'publishing by WebSocket: a masked frame': {
    transport: 'websocket',
    publishesPerSecond: 2,
    down: [0, 2 * (2 + 17), 0, 2],
    up: [2 * 50, 2 * 6, 0, 4],
  },
  'TLS adds a record to each message, and none to acknowledgements': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 2 },
    messages: { encrypted: true },
    down: [200, 4, 44, 2],
    up: [0, 0, 0, 2],
  },
  'TLS makes three records and 28 packets of 40,000 bytes': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 1 },
    messages: { encrypted: true, payloadBytes: 40_000 - 18 - 4 },
    down: [39_996, 4, 66, 28],
    // One at the end, and 0.08 for each of the 27 before.
    up: [0, 0, 0, 1 + 27 * 0.08],
  },
  'a segment holds 1448 bytes': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 1 },
    messages: { payloadBytes: 1448 - 18 - 4 },
    down: [1444, 4, 0, 1],
    up: [0, 0, 0, 1],
  },
  'after a silence each segment is acknowledged': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 1, afterSilenceShare: 0.5 },
    messages: { payloadBytes: 3 * 1448 - 18 - 4 },
    down: [4340, 4, 0, 3],
    // Half of the time the two before the last, else 0.08 for each.
    up: [0, 0, 0, 1 + 0.5 * 2 + 0.5 * 2 * 0.08],
  },
  'and half of them by a client that publishes on the same connection': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 1, afterSilenceShare: 1 },
    publishesPerSecond: 1,
    messages: { payloadBytes: 3 * 1448 - 18 - 4 },
    down: [4340, 4 + 2 + 17, 0, 4],
    // The publish, the answer to it, and the update.
    up: [50, 6, 0, 1 + 1 + 1 + 0.5 * 2 + 0.5 * 2 * 0.08],
  },
  'but not more than sixteen of them': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 1, afterSilenceShare: 1 },
    messages: { payloadBytes: 20 * 1448 - 18 - 4 },
    down: [28_956, 4, 0, 20],
    up: [0, 0, 0, 1 + 15 + 4 * 0.08],
  },
  'a byte more makes two': {
    transport: 'websocket',
    expected: { deliveriesPerSecond: 1 },
    messages: { payloadBytes: 1449 - 18 - 4 },
    down: [1445, 4, 0, 2],
    up: [0, 0, 0, 1.08],
  },
};

describe('bytes and packets of one client', () => {
  for (const [name, { transport, expected, publishesPerSecond = 0, messages: given, down, up }] of Object.entries(
    cases,
  )) {
    test(name, () => {
      const found = trafficOf(transport, { ...quiet, ...expected }, publishesPerSecond, { ...messages, ...given });
      for (const [direction, numbers] of [
        ['down', down],
        ['up', up],
      ] as const) {
        assert.deepEqual(rounded(found, direction), numbers, direction);
        assert.ok(Math.abs(found[direction].packets - 66 * found.packets[direction]) < 1e-9);
      }
    });
  }
});

function rounded(traffic: Traffic, direction: 'down' | 'up'): readonly number[] {
  const { updates, framing, tls } = traffic[direction];
  return [updates, framing, tls, traffic.packets[direction]].map((amount) => Number(amount.toFixed(4)));
}

describe('packets of answers that bring more than one update', () => {
  /** An update of 700 bytes with its netstring, so that one segment has room for one and its head. */
  const large = { ...messages, payloadBytes: 700 - 18 - 5 };
  const answersOf = (deliveriesPerSecond: number) =>
    trafficOf('short-polling', { ...quiet, requestsPerSecond: 1, deliveriesPerSecond }, 0, large);

  /** Head and content length are 163 or 164 bytes. */
  const segmentsOf = (updates: number) => Math.ceil((updates * 700 + 164) / 1448);

  test('one update each', () => assert.equal(answersOf(1).packets.down, 1));

  test('a Poisson number that is not 0: the mean of whole packets is more than the packets of the mean', () => {
    const rate = 3;
    const mean = rate / -Math.expm1(-rate);
    let [share, packets] = [Math.exp(-rate) / -Math.expm1(-rate), 0];
    for (let updates = 1; updates < 60; updates++) {
      share *= rate / updates;
      packets += share * segmentsOf(updates);
    }
    assert.ok(Math.abs(answersOf(mean).packets.down - packets) < 1e-9, String(answersOf(mean).packets.down));
    assert.ok(Math.abs(answersOf(mean).down.updates - mean * 695) < 1e-6);
  });

  test('very many: those of the mean', () => {
    assert.equal(answersOf(1000).packets.down, Math.ceil((1000 * 700 + 166) / 1448));
  });
});
