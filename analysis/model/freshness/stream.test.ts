import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conditions } from './conditions.ts';
import { stream } from './stream.ts';

const conditions: Conditions = {
  arrivals: { kind: 'poisson', perSecond: 2 },
  semantics: 'every',
  pollIntervalMs: 1000,
  holdMs: 25_000,
  heartbeatMs: 25_000,
  roundTripMs: 40,
  oneWayMs: 25,
  fanOutMs: 8,
};

function assertClose(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-9, `${found}, not ${expected}`);
}

test('a delivery takes the way, give or take half the fan-out, and is never asked for', () => {
  for (const semantics of ['every', 'latest'] as const) {
    const found = stream({ ...conditions, semantics });
    for (const { meanMs, quantileMs } of [found.latency, found.staleness]) {
      assert.deepEqual([meanMs, quantileMs(0), quantileMs(0.5), quantileMs(1)], [25, 21, 25, 29]);
    }
    assertClose(found.staleFraction, 1 - Math.exp(-0.05));
    assertClose(found.deliveriesPerSecond, 2);
    assert.deepEqual([found.requestsPerSecond, found.emptyShare, found.heldShare], [0, 0, 0]);
  }
});

describe('heartbeats', () => {
  const cases: readonly (readonly [string, Partial<Conditions>, expected: number])[] = [
    // λ / (e^(λT) − 1), λT = 1.
    ['of Poisson updates', { arrivals: { kind: 'poisson', perSecond: 0.04 } }, 0.04 / (Math.E - 1)],
    ['without updates', { arrivals: { kind: 'poisson', perSecond: 0 } }, 0.04],
    ['where updates are frequent', { arrivals: { kind: 'constant', perSecond: 1 } }, 0],
    // Half of the time no update comes for half a second: one heartbeat in each gap.
    ['halfway between updates', { arrivals: { kind: 'constant', perSecond: 1 }, heartbeatMs: 500 }, 1],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => assertClose(stream({ ...conditions, ...given }).heartbeatsPerSecond, expected));
  }
});
