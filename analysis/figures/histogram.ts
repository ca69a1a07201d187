import type { Histogram } from 'hdr-histogram-js';
import { mergeRecorded } from '../../machine/process/recorder.ts';
import type { Histogram as HistogramRecord } from '../../results/schema/schema.ts';

/** Merges the distributions of repeats, in microseconds; `undefined` if none of them holds a value. */
export function mergeHistograms(records: readonly HistogramRecord[]): Histogram | undefined {
  const filled = records.filter(({ count }) => count > 0);
  return filled.length === 0 ? undefined : mergeRecorded(filled.map(({ encoded }) => encoded));
}

/** `nines` is −log10(1 − p): 1 is p90, 2 is p99, 3 is p99.9. */
export type SpectrumPoint = { readonly nines: number; readonly ms: number };

export type Spectrum = {
  readonly points: readonly SpectrumPoint[];
  /** Up to here at least ten independent updates lie beyond each point; points after it are not reliable. */
  readonly reliableNines: number;
};

/** Independent updates that must lie beyond a percentile before it is called known. */
export const updatesBeyond = 10;

const pointsPerNine = 40;

/**
 * The whole distribution as latency over percentile, evenly spaced in `nines`: 40 points per nine. It ends where one of
 * `updates` lies beyond, because the many deliveries of one update are late together and count once.
 */
export function spectrumOf(histogram: Histogram, updates: number): Spectrum {
  const lastNines = Math.log10(Math.max(2, Math.min(updates, histogram.totalCount)));
  const steps = Math.ceil(lastNines * pointsPerNine);
  const points = Array.from({ length: steps + 1 }, (_, step) => {
    const nines = Math.min(step / pointsPerNine, lastNines);
    return { nines, ms: histogram.getValueAtPercentile((1 - 10 ** -nines) * 100) / 1000 };
  });
  return { points, reliableNines: Math.max(0, Math.log10(Math.max(1, updates / updatesBeyond))) };
}
