import type { Window } from './staleness.ts';

/** Pieces of equal length that a window is told in. */
export const timelinePieces = 40;

/**
 * Delivery latency over the window, by the intended instant of the update: for each piece how many deliveries, their
 * sum, and the ends of their range, in microseconds. Joins with those of other processes without loss.
 */
export type LatencyTimeline = {
  readonly count: Float64Array;
  readonly sumUs: Float64Array;
  readonly minUs: Float64Array;
  readonly maxUs: Float64Array;
};

export function emptyTimeline(): LatencyTimeline {
  return {
    count: new Float64Array(timelinePieces),
    sumUs: new Float64Array(timelinePieces),
    minUs: new Float64Array(timelinePieces).fill(Number.POSITIVE_INFINITY),
    maxUs: new Float64Array(timelinePieces),
  };
}

/** Writes one delivery down; what was intended outside the window belongs to its first or last piece. */
export function addToTimeline(
  { count, sumUs, minUs, maxUs }: LatencyTimeline,
  { startUs, endUs }: Window,
  intendedUs: number,
  latencyUs: number,
): void {
  const place = Math.floor(((intendedUs - startUs) / (endUs - startUs)) * timelinePieces);
  const piece = Math.max(0, Math.min(timelinePieces - 1, place));
  count[piece]!++;
  sumUs[piece]! += latencyUs;
  minUs[piece] = Math.min(minUs[piece]!, latencyUs);
  maxUs[piece] = Math.max(maxUs[piece]!, latencyUs);
}
