import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpinReading, Watched } from '../../machine/host/noise-probe.ts';
import { noiseBetween } from './noise-record.ts';

const start = { atMs: 0, host: { idleMs: 1_000, stealMs: 10, totalMs: 2_000 }, throttledMs: 5, ownMs: 40 };
const end = { atMs: 1_000, host: { idleMs: 1_900, stealMs: 30, totalMs: 4_000 }, throttledMs: 8, ownMs: 60 };
const watched: Watched = { start, end, tasks: [] };

test('strangers have what is left without idle time, steal, the trial and the instrument', () => {
  const noise = noiseBetween(watched, 800, []);
  // 2,000 ms of two cores: 900 idle, 20 stolen, 800 of the trial, 20 of the instrument.
  assert.deepEqual(noise, { stealShare: 0.01, strangerShare: 0.13, throttledMs: 3, spins: [], tasks: [] });
  assert.equal(noiseBetween(watched, 1_059, []).strangerShare, 1 / 2_000);
  // More than there was: the files count in coarse steps.
  assert.equal(noiseBetween(watched, 1_500, []).strangerShare, 0);
});

test('what the system does not say at one of the ends is null', () => {
  const shares = (altered: Partial<Watched>) => {
    const { stealShare, strangerShare, throttledMs } = noiseBetween({ ...watched, ...altered }, 800, []);
    return [stealShare, strangerShare, throttledMs];
  };
  assert.deepEqual(shares({ start: { ...start, host: undefined } }), [null, null, 3]);
  assert.deepEqual(shares({ end: { ...end, host: undefined } }), [null, null, 3]);
  assert.deepEqual(shares({ start: { ...start, throttledMs: null } }), [0.01, 0.13, null]);
  assert.deepEqual(shares({ end: { ...end, throttledMs: null } }), [0.01, 0.13, null]);
});

test('without any time between the readings no share is known', () => {
  const { stealShare, strangerShare } = noiseBetween({ start, end: start, tasks: [] }, 0, []);
  assert.deepEqual([stealShare, strangerShare], [null, null]);
});

test('a single millisecond is known', () => {
  const host = { ...start.host, totalMs: 2_001 };
  const { strangerShare } = noiseBetween({ start, end: { ...start, host }, tasks: [] }, 0.25, []);
  assert.equal(strangerShare, 0.75);
});

test('spins of before and after are one sample for each core', () => {
  const reading = (a: readonly number[], b: readonly number[]): SpinReading => [
    { core: 2, durationsUs: a },
    { core: 5, durationsUs: b },
  ];
  const { spins } = noiseBetween(watched, 0, [reading([100, 100], [200]), reading([100, 300], [160, 240])]);
  assert.deepEqual(spins, [
    { core: 2, fastestUs: 100, slowdown: 1.5 },
    { core: 5, fastestUs: 160, slowdown: 1.25 },
  ]);
});

test('a core that a later reading lacks is told by the first', () => {
  const { spins } = noiseBetween(watched, 0, [[{ core: 3, durationsUs: [100, 200] }], []]);
  assert.deepEqual(spins, [{ core: 3, fastestUs: 100, slowdown: 1.5 }]);
});

test('tasks are told by their median, a core on which none was due not at all', () => {
  const tasks = [
    { core: 4, tookUs: [90, 70, 5_000], cpuMs: 0.4 },
    { core: 1, tookUs: [], cpuMs: 0.1 },
    { core: 6, tookUs: [20], cpuMs: 0.2 },
  ];
  const noise = noiseBetween({ ...watched, tasks }, 0, []);
  assert.deepEqual(noise.tasks, [
    { core: 4, count: 3, medianUs: 90, cpuMs: 0.4 },
    { core: 6, count: 1, medianUs: 20, cpuMs: 0.2 },
  ]);
});
