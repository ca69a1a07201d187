import assert from 'node:assert/strict';
import { test } from 'node:test';
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
