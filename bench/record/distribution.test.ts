import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeRecorded } from '../../machine/process/recorder.ts';
import { recorded } from '../../testing/by-hand/readings.ts';
import { mergeDistributions } from './distribution.ts';

test('microseconds of two processes become milliseconds of one distribution', () => {
  // 1, 2, … 200 µs, the odd ones in one process and the even ones in the other: the 100th, 180th, 190th and 198th of 200.
  const odd = Array.from({ length: 100 }, (_, i) => 2 * i + 1);
  const even = Array.from({ length: 100 }, (_, i) => 2 * i + 2);
  const { encoded, ...figures } = mergeDistributions([recorded(...odd), recorded(...even)]);
  assert.deepEqual(figures, {
    count: 200,
    meanMs: 0.1005,
    p50Ms: 0.1,
    p90Ms: 0.18,
    p95Ms: 0.19,
    p99Ms: 0.198,
    maxMs: 0.2,
  });
  const kept = mergeRecorded([encoded]);
  assert.deepEqual([kept.totalCount, kept.mean, kept.maxValue], [200, 100.5, 200]);
});

test('one value is every percentile', () => {
  const { encoded: _, ...figures } = mergeDistributions([recorded(500)]);
  assert.deepEqual(figures, { count: 1, meanMs: 0.5, p50Ms: 0.5, p90Ms: 0.5, p95Ms: 0.5, p99Ms: 0.5, maxMs: 0.5 });
});

test('a distribution of nothing is 0 throughout', () => {
  for (const none of [[], [recorded()], [recorded(), recorded()]]) {
    const { encoded, ...figures } = mergeDistributions(none);
    assert.deepEqual(figures, { count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 });
    assert.equal(mergeRecorded([encoded]).totalCount, 0);
  }
});

test('merging what several processes recorded is the same as recording all of it in one, in any order', () => {
  // Beyond ten minutes, and below 0, a recorder keeps the nearest value that it can.
  const process = fc.array(fc.integer({ min: -1_000, max: 700_000_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(process, { maxLength: 3 }), (processes) => {
      const parts = processes.map((us) => recorded(...us));
      const all = mergeDistributions([recorded(...processes.flat())]);
      assert.deepEqual(mergeDistributions(parts), all);
      assert.deepEqual(mergeDistributions(parts.toReversed()), all);
    }),
    { numRuns: 15 },
  );
});
