import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpares } from './spares.ts';

test('what was given back last is taken first, and made anew if nothing is there', () => {
  let made = 0;
  const { take, giveBack } = createSpares(() => `item ${++made}`);
  const [first, second] = [take(), take()];
  assert.deepEqual([first, second], ['item 1', 'item 2']);
  giveBack(first);
  giveBack(second);
  assert.deepEqual([take(), take(), take()], ['item 2', 'item 1', 'item 3']);
});

test('16 are kept', () => {
  let made = 0;
  const { take, giveBack } = createSpares(() => ++made);
  for (const item of Array.from({ length: 20 }, take)) giveBack(item);
  assert.deepEqual(Array.from({ length: 17 }, take), [16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 21]);
});
