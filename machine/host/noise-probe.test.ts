import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNoiseProbe } from './noise-probe.ts';
import type { PinnedThread } from './pinned-thread.ts';

test('a watch ends with its own trial or its own end, and leaves other watches running', () => {
  const flags: Int32Array[] = [];
  const isStopped = () => flags.map((flag) => Atomics.load(flag, 0) === 1);
  const pending = () => new Promise<never>(() => {});
  const thread: PinnedThread = {
    core: 0,
    timerSlackNs: null,
    spin: pending,
    answer: pending,
    call: pending,
    close: pending,
    watch: (shared) => {
      flags.push(new Int32Array(shared, 0, 1));
      return pending();
    },
  };
  const probe = createNoiseProbe([0], [thread]);
  const [failing, going] = [new AbortController(), new AbortController()];
  probe.watch(failing.signal);
  probe.watch(going.signal);
  const ended = probe.watch(going.signal);
  assert.deepEqual(isStopped(), [false, false, false]);
  failing.abort();
  assert.deepEqual(isStopped(), [true, false, false]);
  void ended.end();
  assert.deepEqual(isStopped(), [true, false, true]);
  probe.watch(failing.signal);
  assert.deepEqual(isStopped(), [true, false, true, true]);
});
