import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conditions } from './conditions.ts';
import { keptIntervalMs, lockedRangeMs, shortPolling } from './short-polling.ts';

const conditions: Conditions = {
  arrivals: { kind: 'poisson', perSecond: 2 },
  semantics: 'every',
  pollIntervalMs: 1000,
  holdMs: 25_000,
  heartbeatMs: 25_000,
  roundTripMs: 40,
  oneWayMs: 20,
};

function assertClose(what: string, found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-6, `${what}: ${found}, not ${expected}`);
}

describe('each second, a way of 20 ms, two updates a second on average', () => {
  const empty = Math.exp(-2);

  test('every update waits for the next poll, evenly up to a second', () => {
    const { latency, staleness, deliveriesPerSecond } = shortPolling(conditions);
    for (const times of [latency, staleness]) {
      assertClose('mean', times.meanMs, 520);
      assert.deepEqual([0, 0.25, 0.5, 1].map(times.quantileMs), [20, 270, 520, 1020]);
    }
    assertClose('deliveries', deliveriesPerSecond, 2);
  });

  test('the newest of a poll has waited less, and others are not delivered', () => {
    const { latency, staleness, deliveriesPerSecond } = shortPolling({ ...conditions, semantics: 'latest' });
    // 1/λ − P e^(−λP) / (1 − e^(−λP)), and the way.
    assertClose('mean', latency.meanMs, 500 - (1000 * empty) / (1 - empty) + 20);
    // Half of (1 − e^(−2)) have waited for less than this.
    assertClose('p50', latency.quantileMs(0.5), -500 * Math.log(1 - (1 - empty) / 2) + 20);
    assertClose('all', latency.quantileMs(1), 1020);
    assertClose('staleness', staleness.meanMs, 520);
    assertClose('deliveries', deliveriesPerSecond, 1 - empty);
  });

  test('polls, those that bring nothing, and time with a stale view', () => {
    const { requestsPerSecond, emptyShare, staleFraction, heldShare, heartbeatsPerSecond } = shortPolling(conditions);
    assertClose('requests', requestsPerSecond, 1);
    assertClose('empty', emptyShare, empty);
    assertClose('stale', staleFraction, 1 - 0.5 * (Math.exp(-0.04) - Math.exp(-2.04)));
    assert.deepEqual([heldShare, heartbeatsPerSecond], [0, 0]);
  });
});

test('of updates each 400 ms a poll each second brings one of the last 400 ms', () => {
  const arrivals = { kind: 'constant', perSecond: 2.5 } as const;
  const { latency, emptyShare, deliveriesPerSecond } = shortPolling({ ...conditions, arrivals, semantics: 'latest' });
  assertClose('mean', latency.meanMs, 220);
  assertClose('p50', latency.quantileMs(0.5), 220);
  assertClose('all', latency.quantileMs(1), 420);
  assert.deepEqual([emptyShare, deliveriesPerSecond], [0, 1]);
});

describe('the interval that a client keeps', () => {
  const cases: readonly (readonly [asked: number, roundTripMs: number, kept: number])[] = [
    [1000, 40, 1000],
    // The answer is there after 200 ms.
    [90, 200, 270],
    [100, 200, 200],
    [99, 200, 297],
    [200, 200, 200],
  ];
  for (const [pollIntervalMs, roundTripMs, kept] of cases) {
    test(`${pollIntervalMs} ms over ${roundTripMs} ms`, () => {
      assert.equal(keptIntervalMs({ pollIntervalMs, roundTripMs, oneWayMs: roundTripMs / 2 }), kept);
    });
  }

  test('all figures are of that interval', () => {
    const slow = shortPolling({ ...conditions, pollIntervalMs: 90, roundTripMs: 200, oneWayMs: 100 });
    assertClose('requests', slow.requestsPerSecond, 1000 / 270);
    assertClose('staleness', slow.staleness.meanMs, 235);
  });
});

describe('the range in which the mean of one client lies', () => {
  const cases: readonly (readonly [intervalMs: number, periodMs: number, rangeMs: number])[] = [
    [1000, 400, 200],
    [400, 1000, 200],
    [2000, 1000, 1000],
    [500, 2000, 500],
    [1000, 1000 / 3, 1000 / 3],
    [1001, 1000, 1],
    [1000.5, 1000, 0],
    [1000, 1000 / Math.PI, 0],
    [1000, 0.5, 0],
  ];
  for (const [intervalMs, periodMs, rangeMs] of cases) {
    test(`polls each ${intervalMs} ms, updates each ${periodMs.toFixed(1)} ms`, () => {
      assertClose('range', lockedRangeMs(intervalMs, periodMs), rangeMs);
    });
  }
});
