import type { CompletedTrial, Histogram } from '../../results/schema/schema.ts';
import { mergeHistograms } from './histogram.ts';

/** A statistic of the delivery latency: the mean, the longest, or a percentile as a share from 0 to 1. */
export type Statistic = 'mean' | 'max' | number;

/** A statistic counts as made by the instrument only if it exceeds both. */
export const stallLimits = { share: 0.1, ms: 0.5 } as const;

/** Whether a statistic of the delivery latency of one trial is reported. */
export type IsReportable = (statistic: Statistic) => boolean;

/**
 * A statistic is left out if stalls of the instrument made it: if without the deliveries that they touched it is another
 * one, by more than a tenth and more than 0.5 ms, or if they fill more of the window than the share of deliveries that
 * lies beyond the percentile. Of a record that says nothing of stalls everything is reported.
 */
export function reportableOf({ latency: { delivery }, stalls, window }: CompletedTrial): IsReportable {
  if (!stalls) return () => true;
  const { undisturbed, gapMs } = stalls;
  const filled = gapMs / window.durationMs;
  const readers = undisturbed && ([delivery, undisturbed].map(readerOf) as [Reader, Reader]);
  return (statistic) => {
    // Rounded, because 1 − 0.99 is a little more than 0.01.
    if (typeof statistic === 'number' && filled > Number((1 - statistic).toFixed(9))) return false;
    if (!readers) return true;
    if (undisturbed.count === 0 || delivery.count === 0) return false;
    const [all, without] = readers.map((read) => read(statistic)) as [number, number];
    const difference = Math.abs(all - without);
    return difference <= stallLimits.ms || difference <= stallLimits.share * without;
  };
}

export function isReportable(trial: CompletedTrial, statistic: Statistic): boolean {
  return reportableOf(trial)(statistic);
}

/** Reads a statistic in milliseconds. */
type Reader = (statistic: Statistic) => number;

function readerOf(record: Histogram): Reader {
  let whole: NonNullable<ReturnType<typeof mergeHistograms>> | undefined;
  const percentileOf = (share: number) => {
    whole ??= mergeHistograms([record])!;
    return whole.getValueAtPercentile(share * 100) / 1000;
  };
  return (statistic) => {
    switch (statistic) {
      case 'mean':
        return record.meanMs;
      case 'max':
        return record.maxMs;
      case 0.5:
        return record.p50Ms;
      case 0.9:
        return record.p90Ms;
      case 0.95:
        return record.p95Ms ?? percentileOf(0.95);
      case 0.99:
        return record.p99Ms;
      default:
        return percentileOf(statistic);
    }
  };
}
