import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { createRecorder, mergeRecorded } from './recorder.ts';

/** Values in microseconds, recorded and encoded. */
function recorded(...us: readonly number[]): string {
  const recorder = createRecorder();
  for (const value of us) recorder.record(value);
  return recorder.encoded();
}

test('keeps three digits, counts negatives as 0 and caps at ten minutes', () => {
  const { totalCount, minNonZeroValue, maxValue } = mergeRecorded([recorded(-5, 1_234, 700_000_000)]);
  assert.deepEqual([totalCount, minNonZeroValue], [3, 1_234]);
  assert.ok(Math.abs(maxValue / 600_000_000 - 1) < 0.001, `${maxValue}`);
});

test('counts as an HdrHistogram does', () => {
  // Every power of two has its neighbours, and microseconds may be fractions.
  const value = fc.oneof(
    fc.double({ min: 0, max: 600_000_000, noNaN: true }),
    fc.integer({ min: 0, max: 5_000 }),
    fc.tuple(fc.integer({ min: 0, max: 29 }), fc.integer({ min: -1, max: 1 })).map(([bit, by]) => 2 ** bit + by),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 50 }), (values) => {
      const histogram = build({ highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 });
      for (const us of values) histogram.recordValue(us);
      assert.equal(recorded(...values), encodeIntoCompressedBase64(histogram));
    }),
  );
});

test('starts over after a reset', () => {
  const recorder = createRecorder();
  recorder.record(5);
  recorder.reset();
  recorder.record(7);
  const merged = mergeRecorded([recorder.encoded()]);
  assert.deepEqual([merged.totalCount, merged.mean], [1, 7]);
});

test('merging is lossless: it equals recording everything in one recorder', () => {
  const merged = mergeRecorded([recorded(1, 20, 300), recorded(), recorded(20, 4_000_000)]);
  assert.equal(encodeIntoCompressedBase64(merged), recorded(1, 20, 300, 20, 4_000_000));
  assert.equal(mergeRecorded([]).totalCount, 0);
});

test('merges a part that holds more than a recorder can', () => {
  const histogram = build({ highestTrackableValue: 6_000_000_000, numberOfSignificantValueDigits: 3 });
  histogram.recordValue(5_000_000_000);
  const { totalCount, maxValue } = mergeRecorded([recorded(1), encodeIntoCompressedBase64(histogram)]);
  assert.equal(totalCount, 2);
  assert.ok(Math.abs(maxValue / 5_000_000_000 - 1) < 0.001, `${maxValue}`);
});
