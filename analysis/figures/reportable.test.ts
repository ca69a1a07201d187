import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { CompletedTrial, Histogram } from '../../results/schema/schema.ts';
import { plainHistogram, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { isReportable, type Statistic } from './reportable.ts';

type Stalls = NonNullable<CompletedTrial['stalls']>;

/** A trial of 10 s; `all` and `without` are a figure over all deliveries and over those that nothing disturbed. */
function trialOf(all: Partial<Histogram>, without: Partial<Histogram> | undefined, gapMs = 0): CompletedTrial {
  const { latency, window } = plainTrial();
  const stalls: Stalls = {
    gapMs,
    gaps: [],
    lateMs: 1,
    lateUpdates: 0,
    ...(without && { undisturbed: plainHistogram({ count: 50, ...without }) }),
  };
  return plainTrial({
    latency: { ...latency, delivery: plainHistogram({ count: 100, ...all }) },
    window: { ...window, durationMs: 10_000 },
    stalls,
  });
}

const differences: readonly (readonly [all: number, without: number, reported: boolean])[] = [
  [10, 10, true],
  // A tenth and no more, whichever is larger.
  [11, 10, true],
  [11.01, 10, false],
  [9, 10, true],
  [8.99, 10, false],
  // Half a millisecond and no more, which is far more than a tenth.
  [1.5, 1, true],
  [1.51, 1, false],
  [0.5, 0, true],
  [400, 20, false],
];

for (const [all, without, reported] of differences) {
  test(`${all} ms in all and ${without} ms without what was disturbed: ${reported ? 'reported' : 'left out'}`, () => {
    const fields = { mean: 'meanMs', max: 'maxMs', 0.5: 'p50Ms', 0.9: 'p90Ms', 0.99: 'p99Ms' } as const;
    for (const [name, field] of Object.entries(fields)) {
      const statistic: Statistic = name === 'mean' || name === 'max' ? name : Number(name);
      assert.equal(isReportable(trialOf({ [field]: all }, { [field]: without }), statistic), reported, name);
    }
  });
}

test('only the percentiles that differ are left out', () => {
  const trial = trialOf(
    { p50Ms: 1, p90Ms: 1, p99Ms: 400, maxMs: 500, meanMs: 5 },
    { p50Ms: 1, p90Ms: 1, p99Ms: 2, maxMs: 2, meanMs: 1 },
  );
  const statistics: readonly Statistic[] = [0.5, 0.9, 0.99, 'mean', 'max'];
  assert.deepEqual(
    statistics.map((statistic) => isReportable(trial, statistic)),
    [true, true, false, false, false],
  );
});

const fills: readonly (readonly [gapMs: number, reported: readonly boolean[]])[] = [
  [0, [true, true, true, true]],
  [10, [true, true, true, true]],
  [10.1, [true, true, true, false]],
  [100, [true, true, true, false]],
  [100.1, [true, true, false, false]],
  [1_000, [true, true, false, false]],
  [1_000.1, [true, false, false, false]],
  [5_000, [true, false, false, false]],
  [5_000.1, [false, false, false, false]],
];

for (const [gapMs, reported] of fills) {
  test(`gaps of ${gapMs} ms in 10 s: p50, p90, p99, p99.9 are reported or left out`, () => {
    const trial = trialOf({}, undefined, gapMs);
    assert.deepEqual(
      [0.5, 0.9, 0.99, 0.999].map((share) => isReportable(trial, share)),
      reported,
    );
    // These have no share beyond them.
    assert.deepEqual([isReportable(trial, 'mean'), isReportable(trial, 'max')], [true, true]);
  });
}

test('other percentiles are read from the histograms', () => {
  const histogram = (slowMs: number) => {
    const recorder = createRecorder();
    for (let i = 1; i <= 100; i++) recorder.record(i > 95 ? slowMs * 1000 : 1_000);
    return { encoded: recorder.encoded() };
  };
  const trial = trialOf(histogram(400), histogram(2));
  assert.deepEqual([isReportable(trial, 0.95), isReportable(trial, 0.96)], [true, false]);
  // In milliseconds: apart by 0.4 and by 0.6.
  assert.equal(isReportable(trialOf(histogram(1.4), histogram(1)), 0.96), true);
  assert.equal(isReportable(trialOf(histogram(2.2), histogram(1.6)), 0.96), false);
});

test('the 95th percentile is read from its field; only older records lack it', () => {
  const trial = trialOf({ p95Ms: 400, p99Ms: 2 }, { p95Ms: 2, p99Ms: 2 });
  assert.deepEqual([isReportable(trial, 0.95), isReportable(trial, 0.99)], [false, true]);
});

test('when nothing was delivered, nothing is reported', () => {
  assert.equal(isReportable(trialOf({ count: 0 }, { count: 1 }), 0.999), false);
});

test('when every delivery was disturbed, nothing is reported', () => {
  const trial = trialOf({}, { count: 0 });
  for (const statistic of [0.5, 0.99, 'mean', 'max'] as const) assert.equal(isReportable(trial, statistic), false);
});

test('of a record without stalls everything is reported', () => {
  for (const statistic of [0.5, 0.999, 'mean', 'max'] as const)
    assert.equal(isReportable(plainTrial(), statistic), true);
});
