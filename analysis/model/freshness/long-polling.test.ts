import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conditions } from './conditions.ts';
import { longPolling } from './long-polling.ts';

/** A poll comes back 40 ms after an answer and is held for 100 ms; ten updates a second. */
const conditions: Conditions = {
  arrivals: { kind: 'poisson', perSecond: 10 },
  semantics: 'every',
  pollIntervalMs: 1000,
  holdMs: 100,
  heartbeatMs: 25_000,
  roundTripMs: 40,
  oneWayMs: 20,
};
/** No update in a gap; in a hold. */
const [q, h] = [Math.exp(-0.4), Math.exp(-1)];
const cycleMs = 40 + q * 100 * (1 - h);

function assertClose(what: string, found: number, expected: number, within = 1e-6): void {
  assert.ok(Math.abs(found - expected) < within, `${what}: ${found}, not ${expected}`);
}

describe('Poisson arrivals', () => {
  test('cycles: 82.4 ms, a quarter of them empty', () => {
    const { requestsPerSecond, emptyShare, heldShare, heartbeatsPerSecond } = longPolling(conditions);
    assertClose('cycle', cycleMs, 82.372, 1e-3);
    assertClose('requests', requestsPerSecond, 1000 / cycleMs);
    assertClose('empty', emptyShare, q * h);
    // Nothing in the gap, and nothing in the first 40 ms of the hold.
    assertClose('held', heldShare, Math.exp(-0.8));
    assert.equal(heartbeatsPerSecond, 0);
  });

  test('every update: 0.4 in a gap wait 20 ms on average, 0.42 end a hold', () => {
    const { latency, staleness, deliveriesPerSecond } = longPolling(conditions);
    assertClose('mean', latency.meanMs, 20 + (0.4 * 20) / (0.4 + q * (1 - h)));
    assertClose('mean', latency.meanMs, 29.712, 1e-3);
    assertClose('staleness', staleness.meanMs, latency.meanMs);
    const gapShare = 0.4 / (0.4 + q * (1 - h));
    assertClose('those that did not wait', latency.quantileMs(1 - gapShare), 20);
    assertClose('half of those that waited', latency.quantileMs(1 - gapShare / 2), 40);
    assertClose('all', latency.quantileMs(1), 60);
    assertClose('deliveries', deliveriesPerSecond, 10);
  });

  test('the newest of a gap alone', () => {
    const { latency, staleness, deliveriesPerSecond } = longPolling({ ...conditions, semantics: 'latest' });
    const answered = 1 - q * h;
    assertClose('mean', latency.meanMs, 20 + ((1 - q) * 100 - 40 * q) / answered);
    assertClose('mean', latency.meanMs, 28.17, 1e-2);
    // A tenth of the answers have one that is older than e^(−λa) = q + 0.1 (1 − qh) says.
    assertClose('p90', latency.quantileMs(0.9), 20 - 100 * Math.log(q + 0.1 * answered));
    assertClose('all', latency.quantileMs(1), 60);
    assertClose('staleness', staleness.meanMs, 29.712, 1e-3);
    assertClose('deliveries', deliveriesPerSecond, (1000 * answered) / cycleMs);
  });

  test('a view is right in parts of gap, hold, and the way of an empty answer', () => {
    const way = Math.exp(-0.2);
    const rightMs = (way - q) * 100 + q * 100 * (1 - h) + q * h * 100 * (1 - way);
    assertClose('stale', longPolling(conditions).staleFraction, 1 - rightMs / cycleMs);
    assertClose('stale', longPolling(conditions).staleFraction, 0.25117, 1e-4);
  });

  test('without updates every poll is held to its end', () => {
    const { requestsPerSecond, emptyShare, heldShare, staleFraction, deliveriesPerSecond, latency } = longPolling({
      ...conditions,
      arrivals: { kind: 'poisson', perSecond: 0 },
    });
    assertClose('requests', requestsPerSecond, 1000 / 140);
    assert.deepEqual([emptyShare, heldShare, staleFraction, deliveriesPerSecond, latency.meanMs], [1, 1, 0, 0, 20]);
  });

  test('sends to several readers spread their times and leave the mean', () => {
    const alone = longPolling(conditions);
    const { latency } = longPolling({ ...conditions, fanOutMs: 10 });
    assertClose('mean', latency.meanMs, alone.latency.meanMs);
    assertClose('first', latency.quantileMs(0), 15, 0.2);
    assertClose('last', latency.quantileMs(1), 65, 1);
  });
});
