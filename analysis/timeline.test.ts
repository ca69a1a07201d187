import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../results/schema.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { timelineOf } from './timeline.ts';

const [trial] = syntheticRun({ durationMs: 8_000 }).trials as readonly [CompletedTrial];

test('repeats are laid over each other: mean over deliveries, ends over all', () => {
  const none = { count: 0, minMs: 0, meanMs: 0, maxMs: 0 };
  const one = { ...trial, timeline: [{ count: 3, minMs: 1, meanMs: 2, maxMs: 9 }, none] };
  const other = { ...trial, timeline: [{ count: 1, minMs: 4, meanMs: 6, maxMs: 7 }, none] };
  assert.deepEqual(timelineOf([one, other]), [{ seconds: 2, min: 1, mean: 3, max: 9 }]);
});

test('no trial, no line', () => {
  assert.deepEqual(timelineOf([]), []);
});
