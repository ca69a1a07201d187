import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conditions } from './conditions.ts';
import { longPolling } from './long-polling.ts';
import { replayedLongPolling } from './long-replay.ts';

/** A poll comes back 40 ms after an answer and is held for 100 ms. */
const conditions: Conditions = {
  arrivals: { kind: 'constant', perSecond: 1 },
  semantics: 'every',
  pollIntervalMs: 1000,
  holdMs: 100,
  heartbeatMs: 25_000,
  roundTripMs: 40,
  oneWayMs: 20,
};

function assertClose(what: string, found: number, expected: number, within = 1e-6): void {
  assert.ok(Math.abs(found - expected) < within, `${what}: ${found}, not ${expected}`);
}

test('long polling plays through what is not Poisson', () => {
  const played = replayedLongPolling(conditions);
  assert.deepEqual(JSON.stringify(longPolling(conditions)), JSON.stringify(played));
});

describe('other arrivals are played through', () => {
  test('an update a second ends a hold each time', () => {
    const found = replayedLongPolling({ ...conditions, arrivals: { kind: 'constant', perSecond: 1 }, holdMs: 25_000 });
    assertClose('mean', found.latency.meanMs, 20);
    assertClose('requests', found.requestsPerSecond, 1, 1e-3);
    assertClose('deliveries', found.deliveriesPerSecond, 1, 1e-3);
    assertClose('empty', found.emptyShare, 0, 1e-3);
    assertClose('held', found.heldShare, 1, 1e-3);
    assertClose('stale', found.staleFraction, 0.02, 1e-4);
  });

  test('the second of a pair waits 30 ms for the next poll', () => {
    const arrivals = { kind: 'bursts', perSecond: 0.01, size: 2, gapMs: 10 } as const;
    const every = replayedLongPolling({ ...conditions, arrivals, holdMs: 25_000 });
    assertClose('mean', every.latency.meanMs, 35, 0.1);
    assertClose('p50', every.latency.quantileMs(0.25), 20);
    assertClose('p95', every.latency.quantileMs(0.75), 50);
    assertClose('staleness', every.staleness.meanMs, 35, 0.1);
  });

  test('rare updates and short holds do not take for ever', () => {
    const arrivals = { kind: 'constant', perSecond: 1e-5 } as const;
    const found = replayedLongPolling({ ...conditions, arrivals });
    assertClose('requests', found.requestsPerSecond, 1000 / 140, 0.01);
    assertClose('empty', found.emptyShare, 1, 1e-3);
    assertClose('latency', found.latency.meanMs, 20, 25);
  });
});
