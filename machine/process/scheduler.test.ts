import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { sleepUntil, startScheduler } from './scheduler.ts';

const never = new AbortController().signal;

test('sleeps by its own clock', async () => {
  const scheduler = startScheduler();
  const atUs = scheduler.nowUs() + 20_000;
  await sleepUntil(scheduler, atUs, never);
  assert.ok(scheduler.nowUs() >= atUs - 1_000);
  await sleepUntil(scheduler, atUs - 1_000_000, never);
});

test('sleeps long enough even if its turn of the event loop has lasted for long', async () => {
  const scheduler = startScheduler();
  await sleepUntil(scheduler, scheduler.nowUs() + 1_000, never);
  const busyUntilUs = scheduler.nowUs() + 30_000;
  while (scheduler.nowUs() < busyUntilUs);
  const atUs = scheduler.nowUs() + 20_000;
  await sleepUntil(scheduler, atUs, never);
  assert.ok(scheduler.nowUs() >= atUs - 1_000);
});

test('calls again and again until it is ended', async () => {
  const scheduler = startScheduler();
  let calls = 0;
  const end = scheduler.every(1, () => {
    calls++;
    if (calls === 3) end();
  });
  // It does not keep the process alive by itself.
  while (calls < 3) await scheduler.sleep(5, never);
  await scheduler.sleep(10, never);
  assert.equal(calls, 3);
});

test('an abort rejects a sleep with the signal’s reason and leaves no listener', async () => {
  const scheduler = startScheduler();
  const ending = new AbortController();
  const reason = new Error('lost');
  const sleeping = scheduler.sleep(60_000, ending.signal);
  ending.abort(reason);
  await assert.rejects(sleeping, reason);
  await assert.rejects(scheduler.sleep(60_000, ending.signal), reason);
  assert.deepEqual(getEventListeners(ending.signal, 'abort'), []);
});
