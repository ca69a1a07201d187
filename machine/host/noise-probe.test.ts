import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noiseBetween } from '../../bench/record/noise-record.ts';
import { createNoiseProbe, type SpinReading, type Watched } from './noise-probe.ts';
import type { PinnedThread } from './pinned-thread.ts';

const start = { atMs: 0, host: { idleMs: 1_000, stealMs: 10, totalMs: 2_000 }, throttledMs: 5, ownMs: 40 };
const end = { atMs: 1_000, host: { idleMs: 1_900, stealMs: 30, totalMs: 4_000 }, throttledMs: 8, ownMs: 60 };
const watched: Watched = { start, end, tasks: [] };

test('stranger time is the total less idle time, steal, the trial and the probe itself', () => {
  const noise = noiseBetween(watched, 800, []);
  // 2,000 ms of two cores: 900 idle, 20 stolen, 800 of the trial, 20 our own.
  assert.deepEqual(noise, { stealShare: 0.01, strangerShare: 0.13, throttledMs: 3, spins: [], tasks: [] });
  assert.equal(noiseBetween(watched, 1_500, []).strangerShare, 0);
});

test('shares are null where the system reports nothing', () => {
  const silent = { atMs: 0, host: undefined, throttledMs: null, ownMs: 0 };
  const noise = noiseBetween({ start: silent, end: silent, tasks: [] }, 1, []);
  assert.deepEqual([noise.stealShare, noise.strangerShare, noise.throttledMs], [null, null, null]);
});

test('spins before and after a window form one sample per core', () => {
  const reading = (a: readonly number[], b: readonly number[]): SpinReading => [
    { core: 0, durationsUs: a },
    { core: 1, durationsUs: b },
  ];
  const { spins } = noiseBetween(watched, 0, [reading([100, 100], [200]), reading([100, 300], [200])]);
  assert.deepEqual(spins, [
    { core: 0, fastestUs: 100, slowdown: 1.5 },
    { core: 1, fastestUs: 200, slowdown: 1 },
  ]);
});

test('reports the median task per core and omits cores without tasks', () => {
  const tasks = [
    { core: 0, tookUs: [90, 70, 5_000], cpuMs: 0.4 },
    { core: 1, tookUs: [], cpuMs: 0.1 },
  ];
  const noise = noiseBetween({ ...watched, tasks }, 0, []);
  assert.deepEqual(noise.tasks, [{ core: 0, count: 3, medianUs: 90, cpuMs: 0.4 }]);
});

test('a watch ends with its own trial or its own end, and leaves other watches running', () => {
  const flags: Int32Array[] = [];
  const isStopped = () => flags.map((flag) => Atomics.load(flag, 0) === 1);
  const pending = () => new Promise<never>(() => {});
  const thread: PinnedThread = {
    core: 0,
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
