import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearScale, linearTicks } from './scale.ts';

test('a linear scale has at most eight round steps, from 0 to its end', () => {
  const ticks = (high: number) => linearTicks(linearScale(high, 0, 100));
  assert.deepEqual(ticks(193), [0, 50, 100, 150]);
  assert.deepEqual(ticks(8), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(ticks(1_500), [0, 200, 400, 600, 800, 1_000, 1_200, 1_400]);
  for (const high of [0.03, 1, 9.9, 10, 79, 81, 12_345]) assert.ok(ticks(high).length <= 9, `${high}`);
  assert.equal(linearScale(200, 50, 150).at(100), 100);
});
