import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf } from '../results/synthetic-histogram.ts';
import { mergeHistograms, spectrumOf } from './histogram.ts';

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('repeats are merged without loss', () => {
  const merged = mergeHistograms([histogramOf(oneTo(1000)), histogramOf([]), histogramOf([5_000])]);
  assert.equal(merged?.totalCount, 1001);
  assert.ok(Math.abs(merged.maxValue / 5_000_000 - 1) < 0.001);
  assert.ok(Math.abs(merged.getValueAtPercentile(50) / 501_000 - 1) < 0.002);
  assert.equal(mergeHistograms([histogramOf([])]), undefined);
});

test('the spectrum is bounded, rises, and knows how far it can be trusted', () => {
  const { points, reliableNines } = spectrumOf(mergeHistograms([histogramOf(oneTo(10_000))])!, 1_000);
  assert.equal(points.length, 3 * 40 + 1);
  assert.equal(points.at(-1)?.nines, 3);
  assert.equal(reliableNines, 2);
  assert.ok(points.every(({ ms }, index) => index === 0 || ms >= points[index - 1]!.ms));
  const at = (nines: number) => points.find((point) => point.nines === nines)!.ms;
  assert.ok(Math.abs(at(1) / 9_000 - 1) < 0.002);
  assert.ok(Math.abs(at(2) / 9_900 - 1) < 0.002);
});

test('a handful of values has a spectrum too', () => {
  const { points, reliableNines } = spectrumOf(mergeHistograms([histogramOf([3])])!, 1);
  assert.ok(points.length > 1 && points.every(({ ms }) => Math.abs(ms - 3) < 0.01));
  assert.equal(reliableNines, 0);
});
