import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPlan } from '../../testing/by-hand/plain-run.ts';
import { plainScenario } from '../../testing/by-hand/plain-trial.ts';
import type { PollingPoint } from './freshness-cost.ts';
import { pollingTheory } from './polling-theory.ts';

const poisson = { arrivals: { kind: 'poisson', perSecond: 0.5 }, semantics: 'latest' } as const;

function theoryOf(
  bytesOf: (intervalMs: number) => number,
  intervals = [100, 1_000, 10_000],
  altered: Partial<typeof plainScenario> = poisson,
  rttMs = 40,
) {
  const polling: readonly PollingPoint[] = intervals.map((pollIntervalMs) => ({
    pollIntervalMs,
    stalenessMs: 1,
    bytes: bytesOf(pollIntervalMs),
    cpu: 1,
    repeats: [],
  }));
  return pollingTheory({ ...plainPlan, scenario: { ...plainScenario, ...altered } }, polling, rttMs);
}

/** A poll costs 200 bytes, and 300 more when it finds something. */
const obeying = (intervalMs: number) => (60_000 / intervalMs) * (200 + 300 * (1 - Math.exp(-0.0005 * intervalMs)));

function near(found: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(found / expected - 1) < tolerance, `${found} is not ${expected}`);
}

test('bytes that follow the theory are reproduced at every interval, measured or between', () => {
  const theory = theoryOf(obeying)!;
  assert.equal(theory.length, 2 * 8 + 1);
  for (const { pollIntervalMs, bytes } of theory) near(bytes, obeying(pollIntervalMs));
  near(theory[0]!.pollIntervalMs, 100);
  near(theory[4]!.pollIntervalMs, Math.sqrt(100 * 1_000));
  near(theory[8]!.pollIntervalMs, 1_000);
  near(theory[16]!.pollIntervalMs, 10_000);
});

test('an update waits half an interval and travels half a round trip', () => {
  const theory = theoryOf(obeying)!;
  near(theory[0]!.stalenessMs, 50 + 20);
  near(theory[16]!.stalenessMs, 5_000 + 20);
  near(theoryOf(obeying, [100, 1_000, 10_000], poisson, 0)![0]!.stalenessMs, 50);
});

test('the fit weighs relative errors: a percent at any interval counts alike', () => {
  // Least squares of c0 polls/bytes + c1 finds/bytes = 1, by the normal equations.
  const wrong = (intervalMs: number) => obeying(intervalMs) * (intervalMs === 1_000 ? 1.1 : 1);
  const rows = [100, 1_000, 10_000].map((intervalMs) => {
    const polls = 60_000 / intervalMs;
    const finds = polls * (1 - Math.exp(-0.0005 * intervalMs));
    return [polls / wrong(intervalMs), finds / wrong(intervalMs)] as const;
  });
  const theory = theoryOf(wrong)!;
  const [first, , , , , , , , middle] = theory;
  const residual = (c0: number, c1: number) => rows.reduce((sum, [a, b]) => sum + (c0 * a + c1 * b - 1) ** 2, 0);
  const finds = (intervalMs: number) => 1 - Math.exp(-0.0005 * intervalMs);
  // Both constants from two points of the curve.
  const [pollBytes, other] = [first!.bytes / 600, middle!.bytes / 60];
  const c1 = (other - pollBytes) / (finds(1_000) - finds(100));
  const c0 = pollBytes - c1 * finds(100);
  const least = residual(c0, c1);
  for (const [by, more] of [
    [0.1, 0],
    [-0.1, 0],
    [0, 0.1],
    [0, -0.1],
  ] as const) {
    assert.ok(residual(c0 + by, c1 + more) > least);
  }
});

test('intervals so close that rounding would decide the constants give no curve', () => {
  // The determinant, relative to the product of the diagonal, is 1.28e-12 and 0.89e-12.
  const apart = (step: number) => theoryOf(obeying, [1_000, 1_000 * (1 + step), 1_000 * (1 + 2 * step)]);
  assert.ok(apart(1.8e-6) !== undefined);
  assert.equal(apart(1.5e-6), undefined);
});

test('other workloads, fewer than three points, or proportional points give no curve', () => {
  const constant = { ...poisson, arrivals: { kind: 'constant', perSecond: 0.5 } } as const;
  assert.equal(theoryOf(obeying, [100, 1_000, 10_000], constant), undefined);
  assert.equal(theoryOf(obeying, [100, 1_000, 10_000], { ...poisson, semantics: 'every' }), undefined);
  assert.equal(theoryOf(obeying, [100, 1_000]), undefined);
  assert.equal(theoryOf(obeying, [1_000, 1_000, 1_000]), undefined);
});
