import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { allowedCores } from './allowed-cores.ts';
import { startPinnedThread } from './pinned-thread.ts';

test('the kernel wakes a pinned thread when it asked to be woken', {
  skip: !existsSync(`/proc/${process.pid}/timerslack_ns`) && 'the kernel has no timer slack to set',
}, async () => {
  const thread = await startPinnedThread(allowedCores().at(-1) ?? 0);
  await thread.close();
  // By default it has 50,000 ns.
  assert.equal(thread.timerSlackNs, 1);
});
