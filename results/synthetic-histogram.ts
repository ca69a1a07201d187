import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Histogram } from './schema.ts';

/** For tests only: the record of a distribution of `count` values that looks like the samples, in milliseconds. */
export function histogramOf(samplesMs: readonly number[], count = samplesMs.length): Histogram {
  const histogram = build({ highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3, autoResize: false });
  const used = samplesMs.slice(0, count);
  used.forEach((ms, index) => {
    // Spreads `count` over the samples so that the total is exact.
    const times = Math.floor(((index + 1) * count) / used.length) - Math.floor((index * count) / used.length);
    histogram.recordValueWithCount(Math.max(0, Math.round(ms * 1000)), times);
  });
  const quantile = (percentile: number) =>
    histogram.totalCount > 0 ? histogram.getValueAtPercentile(percentile) / 1000 : 0;
  return {
    count: histogram.totalCount,
    meanMs: histogram.totalCount > 0 ? histogram.mean / 1000 : 0,
    p50Ms: quantile(50),
    p90Ms: quantile(90),
    p99Ms: quantile(99),
    maxMs: histogram.totalCount > 0 ? histogram.maxValue / 1000 : 0,
    encoded: encodeIntoCompressedBase64(histogram),
  };
}
