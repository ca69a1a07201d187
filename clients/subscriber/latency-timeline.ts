import type { Window } from './staleness.ts';

/** Number of equal pieces into which a window is divided. */
export const timelinePieces = 40;

/**
 * Delivery latency over the window, by the intended instant of the update: number, sum, minimum and maximum per piece,
 * in microseconds. Timelines of several processes can be merged without loss.
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

/** Adds one delivery. Instants outside the window count towards its first or last piece. */
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
