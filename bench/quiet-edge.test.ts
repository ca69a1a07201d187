import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilStill } from './quiet-edge.ts';

test('it waits until nothing has moved for a while', async () => {
  let reads = 0;
  await untilStill(async () => [7, Math.min(reads++, 5)], 0, 10_000);
  // Five reads that moved, and then enough that did not.
  assert.ok(reads >= 8, `${reads} reads`);
});

test('counters that never stand still are an error, not a figure', async () => {
  let reads = 0;
  await assert.rejects(
    untilStill(async () => [reads++], 0, 300),
    /counters still move after 300 ms/,
  );
});
