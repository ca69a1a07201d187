import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../../testing/fleet/virtual-time.ts';
import { untilRight } from './reach.ts';

const never = new AbortController().signal;

test('tries until an attempt finds nothing wrong', async () => {
  const time = new VirtualTime();
  const wrongs = ['refused', 'answered 502', undefined, 'never asked'];
  let tries = 0;
  const trying = untilRight(async () => wrongs[tries++], 60_000, time.startScheduler(), never);
  assert.equal(await time.play(trying), undefined);
  assert.deepEqual([tries, time.nowUs], [3, 500_000]);
});

test('gives up with the last fault, after at least one attempt', async () => {
  const time = new VirtualTime();
  const once = untilRight(async () => 'refused', -1, time.startScheduler(), never);
  assert.equal(await time.play(once), 'refused');
  let tries = 0;
  const trying = untilRight(async () => `try ${++tries}`, 600, time.startScheduler(), never);
  // Attempts at 0, 250, 500 and 750 ms: the last one starts in time or one pause later.
  assert.equal(await time.play(trying), 'try 4');
});

test('an abort ends it in the middle of an attempt', async () => {
  const time = new VirtualTime();
  const ending = new AbortController();
  const trying = untilRight(() => new Promise(() => {}), 60_000, time.startScheduler(), ending.signal);
  time.after(1_000, () => ending.abort(new Error('lost')));
  await assert.rejects(time.play(trying), /^Error: lost$/);
});
