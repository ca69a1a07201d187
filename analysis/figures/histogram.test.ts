import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecorder } from '../../machine/process/recorder.ts';
import { emptyHistogram, plainHistogram } from '../../testing/by-hand/plain-trial.ts';
import { mergeHistograms, spectrumOf, updatesBeyond } from './histogram.ts';

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** The recorded histogram of these milliseconds. */
function of(valuesMs: readonly number[]) {
  const recorder = createRecorder();
  for (const ms of valuesMs) recorder.record(ms * 1_000);
  return plainHistogram({ count: valuesMs.length, encoded: recorder.encoded() });
}

test('repeats are merged without loss; empty ones are not decoded', () => {
  const merged = mergeHistograms([of(oneTo(1_000)), emptyHistogram, of([5_000])])!;
  assert.equal(merged.totalCount, 1_001);
  assert.ok(Math.abs(merged.maxValue / 5_000_000 - 1) < 0.001);
  assert.ok(Math.abs(merged.getValueAtPercentile(50) / 501_000 - 1) < 0.002);
});

test('without values there is no distribution', () => {
  assert.equal(mergeHistograms([emptyHistogram, emptyHistogram]), undefined);
  assert.equal(mergeHistograms([]), undefined);
});

test('the spectrum has 40 points per nine, and knows how far it is reliable', () => {
  const { points, reliableNines } = spectrumOf(mergeHistograms([of(oneTo(10_000))])!, 1_000);
  assert.equal(points.length, 3 * 40 + 1);
  assert.deepEqual([points[0]!.nines, points[1]!.nines, points[40]!.nines, points.at(-1)!.nines], [0, 0.025, 1, 3]);
  // Ten of a thousand lie beyond p99.
  assert.equal(reliableNines, 2);
  const at = (nines: number) => points.find((point) => point.nines === nines)!.ms;
  assert.ok(Math.abs(at(0) / 1 - 1) < 0.002);
  assert.ok(Math.abs(at(1) / 9_000 - 1) < 0.002);
  assert.ok(Math.abs(at(2) / 9_900 - 1) < 0.002);
  assert.ok(Math.abs(at(3) / 9_990 - 1) < 0.002);
  assert.ok(points.every(({ ms }, index) => index === 0 || ms >= points[index - 1]!.ms));
});

test('the spectrum ends where one update lies beyond, or one delivery if there are fewer', () => {
  const histogram = mergeHistograms([of(oneTo(100))])!;
  const last = (updates: number) => spectrumOf(histogram, updates).points.at(-1)!.nines;
  assert.equal(last(50), Math.log10(50));
  assert.equal(last(1_000), 2);
  // At least half of the values.
  assert.equal(last(1), Math.log10(2));
  assert.equal(spectrumOf(histogram, 50).points.length, Math.ceil(40 * Math.log10(50)) + 1);
});

test('with ten updates or fewer no point is reliable', () => {
  assert.equal(updatesBeyond, 10);
  const histogram = mergeHistograms([of([3])])!;
  const reliable = (updates: number) => spectrumOf(histogram, updates).reliableNines;
  assert.deepEqual([1, 10, 100].map(reliable), [0, 0, 1]);
  assert.equal(reliable(20), Math.log10(2));
  assert.ok(spectrumOf(histogram, 1).points.every(({ ms }) => Math.abs(ms - 3) < 0.01));
});
