import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { mergeRecorded } from '../../machine/process/recorder.ts';
import type { Histogram } from '../../results/schema/schema.ts';

/** Merges encoded HdrHistograms of microseconds into one record in milliseconds, all 0 if nothing was recorded. */
export function mergeDistributions(encoded: readonly string[]): Histogram {
  const merged = mergeRecorded(encoded);
  const atMs = (percentile: number) => merged.getValueAtPercentile(percentile) / 1000;
  return {
    count: merged.totalCount,
    meanMs: merged.mean / 1000,
    p50Ms: atMs(50),
    p90Ms: atMs(90),
    p95Ms: atMs(95),
    p99Ms: atMs(99),
    maxMs: merged.maxValue / 1000,
    encoded: encodeIntoCompressedBase64(merged),
  };
}
