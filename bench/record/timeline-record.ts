import type { LatencyTimeline } from '../../clients/subscriber/latency-timeline.ts';
import type { TimelinePiece } from '../../results/schema/schema.ts';

/** Merges the timelines of several load processes, all with the same pieces, into milliseconds. */
export function timelineRecord(timelines: readonly LatencyTimeline[]): TimelinePiece[] {
  const pieces = timelines[0]?.count.length ?? 0;
  return Array.from({ length: pieces }, (_, piece) => {
    const filled = timelines.filter(({ count }) => count[piece]! > 0);
    const count = filled.reduce((sum, each) => sum + each.count[piece]!, 0);
    if (count === 0) return { count, minMs: 0, meanMs: 0, maxMs: 0 };
    return {
      count,
      minMs: Math.min(...filled.map(({ minUs }) => minUs[piece]!)) / 1000,
      meanMs: filled.reduce((sum, { sumUs }) => sum + sumUs[piece]!, 0) / count / 1000,
      maxMs: Math.max(...filled.map(({ maxUs }) => maxUs[piece]!)) / 1000,
    };
  });
}
