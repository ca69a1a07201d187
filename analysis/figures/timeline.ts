import type { CompletedTrial } from '../../results/schema/schema.ts';

/**
 * Delivery latency in milliseconds of updates that were intended about this time; `seconds` from the start of the
 * window.
 */
export type TimelinePoint = {
  readonly seconds: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
};

/**
 * The repeats of one transport combined: for each piece of the window the mean over all deliveries, and the shortest
 * and longest of any repeat. Pieces without deliveries are left out.
 */
export function timelineOf(trials: readonly CompletedTrial[]): readonly TimelinePoint[] {
  const [first] = trials;
  if (!first) return [];
  const pieceSeconds = first.window.durationMs / 1000 / first.timeline.length;
  return first.timeline.flatMap((_, piece) => {
    const filled = trials.flatMap(({ timeline }) => (timeline[piece]?.count ? [timeline[piece]] : []));
    const count = filled.reduce((sum, each) => sum + each.count, 0);
    if (count === 0) return [];
    return [
      {
        seconds: (piece + 0.5) * pieceSeconds,
        min: Math.min(...filled.map(({ minMs }) => minMs)),
        mean: filled.reduce((sum, { count: some, meanMs }) => sum + some * meanMs, 0) / count,
        max: Math.max(...filled.map(({ maxMs }) => maxMs)),
      },
    ];
  });
}
