import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../../protocol/transport.ts';
import type { Conditions } from './conditions.ts';
import { longPolling } from './long-polling.ts';
import { shortPolling } from './short-polling.ts';
import { stream } from './stream.ts';
import { expectationOf } from './transport-model.ts';

const conditions: Conditions = {
  arrivals: { kind: 'poisson', perSecond: 1 },
  semantics: 'latest',
  pollIntervalMs: 1000,
  holdMs: 25_000,
  heartbeatMs: 25_000,
  roundTripMs: 40,
  oneWayMs: 20,
};

test('each transport has its model', () => {
  for (const [transport, model] of [
    ['short-polling', shortPolling],
    ['long-polling', longPolling],
    ['sse', stream],
    ['websocket', stream],
  ] as const) {
    const found = expectationOf(transport, conditions);
    const expected = model(conditions);
    assert.deepEqual(
      [found.latency.meanMs, found.requestsPerSecond],
      [expected.latency.meanMs, expected.requestsPerSecond],
      transport,
    );
  }
});

test('messages after a silence of a retransmission timeout, here 240 ms', () => {
  const shareOf = (transport: Transport, given: Partial<Conditions> = {}) =>
    expectationOf(transport, { ...conditions, ...given }).afterSilenceShare;
  const shareOfPolls = (pollIntervalMs: number) => shareOf('short-polling', { pollIntervalMs });
  assert.deepEqual([shareOfPolls(240), shareOfPolls(239)], [1, 0]);
  assert.equal(shareOf('long-polling'), 0);
  for (const transport of ['sse', 'websocket'] as const) {
    assert.ok(Math.abs(shareOf(transport) - Math.exp(-0.24)) < 1e-6, transport);
  }
  const constant = { kind: 'constant', perSecond: 5 } as const;
  const slower = { ...constant, perSecond: 4 };
  assert.deepEqual([shareOf('sse', { arrivals: constant }), shareOf('sse', { arrivals: slower })], [0, 1]);
});
