import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimelinePiece } from '../../results/schema/schema.ts';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { timelineOf } from './timeline.ts';

const none: TimelinePiece = { count: 0, minMs: 0, meanMs: 0, maxMs: 0 };

function over(durationMs: number, ...timeline: TimelinePiece[]) {
  return plainTrial({ window: { durationMs, warmupMs: 0, warmupOperations: 0, drainMs: 0 }, timeline });
}

test('repeats are combined: the mean over deliveries, the extremes over all', () => {
  const one = over(8_000, { count: 3, minMs: 1, meanMs: 2, maxMs: 9 }, none);
  const other = over(8_000, { count: 1, minMs: 4, meanMs: 6, maxMs: 7 }, none);
  assert.deepEqual(timelineOf([one, other]), [{ seconds: 2, min: 1, mean: 3, max: 9 }]);
  assert.deepEqual(timelineOf([other, one]), [{ seconds: 2, min: 1, mean: 3, max: 9 }]);
});

test('a point is in the middle of its piece, and a piece without deliveries has none', () => {
  const piece = (meanMs: number): TimelinePiece => ({ count: 2, minMs: 1, meanMs, maxMs: 99 });
  const points = timelineOf([over(12_000, piece(10), none, piece(30), piece(40))]);
  assert.deepEqual(
    points.map(({ seconds, mean }) => [seconds, mean]),
    [
      [1.5, 10],
      [7.5, 30],
      [10.5, 40],
    ],
  );
});

test('a repeat with deliveries in a piece counts there, whatever the others have', () => {
  const filled: TimelinePiece = { count: 1, minMs: 5, meanMs: 5, maxMs: 5 };
  assert.deepEqual(timelineOf([over(2_000, none), over(2_000, filled), over(2_000)]), [
    { seconds: 1, min: 5, mean: 5, max: 5 },
  ]);
});

test('a delivery that took no time counts', () => {
  const instant: TimelinePiece = { count: 2, minMs: 0, meanMs: 0, maxMs: 0 };
  assert.deepEqual(timelineOf([over(2_000, instant)]), [{ seconds: 1, min: 0, mean: 0, max: 0 }]);
});

test('without trials there are no points', () => {
  assert.deepEqual(timelineOf([]), []);
  assert.deepEqual(timelineOf([over(8_000)]), []);
});
