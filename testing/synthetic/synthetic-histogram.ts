import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Histogram } from '../../results/schema/schema.ts';

/**
 * Shared by all records, because to allocate 20,000 counters takes longer. Each record is read before the next is made.
 */
const scratch = build({ highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3, autoResize: false });

/**
 * For tests only: the record of a distribution of `count` values that looks like the samples, in milliseconds. It is
 * encoded when `encoded` is first read: that takes longer than all else here, and few tests need it.
 */
export function histogramOf(samplesMs: readonly number[], count = samplesMs.length): Histogram {
  const totalUs = record(samplesMs, count);
  const total = scratch.totalCount;
  const quantile = (percentile: number) => (total > 0 ? scratch.getValueAtPercentile(percentile) / 1000 : 0);
  let encoded: string | undefined;
  return {
    count: total,
    meanMs: total > 0 ? totalUs / total / 1000 : 0,
    p50Ms: quantile(50),
    p90Ms: quantile(90),
    p95Ms: quantile(95),
    p99Ms: quantile(99),
    maxMs: total > 0 ? scratch.maxValue / 1000 : 0,
    get encoded() {
      if (encoded === undefined) {
        record(samplesMs, count);
        encoded = encodeIntoCompressedBase64(scratch);
      }
      return encoded;
    },
  };
}

/** Fills `scratch`. Returns the sum of the values in microseconds: the histogram would add up all its counters. */
function record(samplesMs: readonly number[], count: number): number {
  scratch.reset();
  const used = Math.min(samplesMs.length, count);
  let totalUs = 0;
  for (let index = 0; index < used; index++) {
    // Spreads `count` over the samples so that the total is exact.
    const times = Math.floor(((index + 1) * count) / used) - Math.floor((index * count) / used);
    const valueUs = Math.max(0, Math.round(samplesMs[index]! * 1000));
    scratch.recordValueWithCount(valueUs, times);
    totalUs += middleOf(valueUs) * times;
  }
  return totalUs;
}

/** The middle of the values that share a counter with three digits. Counters hold more than one value from 2,048 on. */
function middleOf(value: number): number {
  const alike = 2 ** Math.max(0, Math.floor(Math.log2(value)) - 10);
  return value - (value % alike) + Math.floor(alike / 2);
}
