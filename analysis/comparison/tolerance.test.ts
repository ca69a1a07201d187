import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import { plainAssessed, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { tolerancesMs, worstSeenWithinMs } from './tolerance.ts';

const { ledger } = plainTrial();

/** A repeat of 30 s with ten clients; `received` sets the mean time between the deliveries of a client. */
function repeat(transport: Transport, p90Ms: number | undefined, conflated = 0, received = 20_000) {
  const trial = plainTrial({ transport, ledger: { ...ledger, expected: 20_000, received, conflated } });
  return plainAssessed(trial, { 'latency.p90': p90Ms });
}

function within(...valid: readonly ReturnType<typeof repeat>[]): number | undefined {
  return worstSeenWithinMs({ ...plainRow('sse'), valid }, plainScenario);
}

test('the result is the 90th percentile of the worst repeat', () => {
  assert.equal(within(repeat('sse', 40), repeat('sse', 60), repeat('sse', 50)), 60);
});

test('without a repeat, a figure or a delivery the result is unknown', () => {
  assert.equal(within(), undefined);
  assert.equal(within(repeat('sse', 40), repeat('sse', undefined)), undefined);
  assert.equal(within(repeat('sse', 40, 0, 0)), undefined);
});

test('a repeat whose percentile a stall made is left out', () => {
  const stalls = { gapMs: 3_001, gaps: [], lateMs: 1, lateUpdates: 0 };
  const stalled = plainAssessed(plainTrial({ transport: 'sse', ledger, stalls }), { 'latency.p90': undefined });
  assert.equal(within(repeat('sse', 40), stalled), 40);
  assert.equal(within(stalled), undefined);
});

test('if more than a tenth was replaced, the time to the next delivery is added', () => {
  assert.equal(within(repeat('sse', 40, 2_000, 1_000)), 40);
  // 10 clients × 30 s over 1,000 deliveries.
  assert.equal(within(repeat('sse', 40, 2_001, 1_000)), 40 + 300);
});

test('the share from which replaced updates count can be another', () => {
  const row = { ...plainRow('sse'), valid: [repeat('sse', 40, 4_000, 1_000)] };
  assert.deepEqual(
    [0.19, 0.2].map((many) => worstSeenWithinMs(row, plainScenario, many)),
    [40 + 300, 40],
  );
});

test('a poll waits for no longer than its interval', () => {
  assert.equal(within(repeat('short-polling', 40, 2_001, 1_000)), 40 + 300);
  assert.equal(within(repeat('short-polling', 40, 2_001, 100)), 40 + 1_000);
  assert.equal(within(repeat('long-polling', 40, 2_001, 100)), 40 + 3_000);
});

test('recommendations are given in these steps', () => {
  assert.deepEqual(tolerancesMs, [100, 1_000, 10_000, 60_000, 600_000]);
});
