import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LatencyTimeline } from '../../clients/subscriber/latency-timeline.ts';
import { timelineRecord } from './timeline-record.ts';

type Piece = readonly [count: number, sumUs: number, minUs: number, maxUs: number];

function timelineOf(...pieces: readonly Piece[]): LatencyTimeline {
  return {
    count: Float64Array.from(pieces, ([count]) => count),
    sumUs: Float64Array.from(pieces, ([, sumUs]) => sumUs),
    minUs: Float64Array.from(pieces, ([, , minUs]) => minUs),
    maxUs: Float64Array.from(pieces, ([, , , maxUs]) => maxUs),
  };
}

/** The values of a piece in which a process had no deliveries. */
const empty: Piece = [0, 0, Number.POSITIVE_INFINITY, 0];
/** Values that would show if they were taken for deliveries. */
const garbage: Piece = [0, 77_000, 1, 99_000];

test('pieces of several processes: counts and sums add up, the range is the widest, in milliseconds', () => {
  const timelines = [
    timelineOf([2, 3_000, 1_000, 2_000], empty, [1, 8_000, 8_000, 8_000]),
    timelineOf([3, 7_000, 1_500, 4_000], garbage, garbage),
    timelineOf(garbage, empty, [3, 12_000, 500, 9_000]),
  ];
  const pieces = [
    // (3 + 7) ms over 2 + 3 deliveries.
    { count: 5, minMs: 1, meanMs: 2, maxMs: 4 },
    { count: 0, minMs: 0, meanMs: 0, maxMs: 0 },
    // (8 + 12) ms over 1 + 3 deliveries.
    { count: 4, minMs: 0.5, meanMs: 5, maxMs: 9 },
  ];
  assert.deepEqual(timelineRecord(timelines), pieces);
  assert.deepEqual(timelineRecord(timelines.toReversed()), pieces, 'the order of the processes does not matter');
});

test('one process keeps its pieces', () => {
  assert.deepEqual(timelineRecord([timelineOf([4, 6_000, 250, 3_000])]), [
    { count: 4, minMs: 0.25, meanMs: 1.5, maxMs: 3 },
  ]);
});

test('without processes there are no pieces', () => {
  assert.deepEqual(timelineRecord([]), []);
});
