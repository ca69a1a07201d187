import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '../../testing/fleet/virtual-time.ts';
import type { Scheduler } from './scheduler.ts';
import { createSelfTick, type Gap, GapWatch, mergeGaps } from './self-tick.ts';

/** The gaps of a process that looks at its clock at these instants, in milliseconds. */
function gapsAt(...atMs: readonly number[]): readonly Gap[] {
  const watch = new GapWatch(0);
  for (const ms of atMs) watch.tick(ms * 1000);
  return watch.gaps.map(({ fromUs, toUs }) => ({ fromUs: fromUs / 1000, toUs: toUs / 1000 }));
}

const cases: readonly { readonly name: string; readonly atMs: readonly number[]; readonly gaps: readonly Gap[] }[] = [
  { name: 'in time', atMs: [5, 10, 15], gaps: [] },
  { name: 'overdue by 5 ms and no more', atMs: [10, 20, 30], gaps: [] },
  { name: 'overdue by 5.1 ms', atMs: [5, 15.1, 20], gaps: [{ fromUs: 5, toUs: 15.1 }] },
  { name: 'a stop, then 1.9 ms late', atMs: [5, 505, 511.9], gaps: [{ fromUs: 5, toUs: 505 }] },
  { name: 'catching up, 2.1 ms late', atMs: [5, 505, 512.1, 517, 522], gaps: [{ fromUs: 5, toUs: 512.1 }] },
  { name: 'late again after it was in time', atMs: [5, 505, 510, 517.1, 522], gaps: [{ fromUs: 5, toUs: 505 }] },
  {
    name: 'two stops',
    atMs: [20, 25, 50, 55],
    gaps: [
      { fromUs: 0, toUs: 20 },
      { fromUs: 25, toUs: 50 },
    ],
  },
  { name: 'one stop in two parts', atMs: [5, 205, 405, 410], gaps: [{ fromUs: 5, toUs: 405 }] },
];

for (const { name, atMs, gaps } of cases) {
  test(`gaps of a process that ticks: ${name}`, () => assert.deepEqual(gapsAt(...atMs), gaps));
}

test('work that keeps a process from ticking is no gap as long as it looks at its clock', () => {
  const watch = new GapWatch(0);
  watch.tick(5_000);
  for (const ms of [10, 15, 20, 25, 30]) watch.alive(ms * 1000);
  watch.tick(31_000);
  assert.deepEqual(watch.gaps, []);
  // Nothing for 10.1 ms: a gap up to the first sign, and on to the tick that is late from it.
  watch.alive(41_100);
  watch.tick(44_000);
  watch.tick(49_000);
  assert.deepEqual(watch.gaps, [{ fromUs: 31_000, toUs: 44_000 }]);
  watch.alive(59_000);
  assert.equal(watch.gaps.length, 1);
});

test('the clock of a self-tick is a sign of life while it ticks, and no later', async () => {
  const time = new VirtualTime();
  const scheduler = stopped(time, 102, 603);
  const tick = createSelfTick(scheduler);
  const startUs = scheduler.nowUs();
  tick.begin();
  for (let ms = 0; ms < 600; ms += 8) {
    await time.play(scheduler.sleep(8, new AbortController().signal));
    assert.equal(tick.clock.nowUs(), scheduler.nowUs());
  }
  assert.deepEqual(tick.end(), []);
  await time.play(scheduler.sleep(100, new AbortController().signal));
  tick.clock.nowUs();
  assert.deepEqual(tick.end(), []);
  assert.ok(scheduler.nowUs() - startUs >= 700_000);
});

test('small delays do not add up to a gap', () => {
  assert.deepEqual(gapsAt(...Array.from({ length: 1_000 }, (_, i) => (i + 1) * 6.5)), []);
});

test('a process that is always late keeps a bounded list whose last gap goes on', () => {
  const watch = new GapWatch(0);
  for (let tick = 1; tick <= 60_000; tick++) watch.tick(tick * 10_000 + (tick % 2) * 7_000);
  assert.equal(watch.gaps.length, 10_000);
  assert.equal(watch.gaps.at(-1)!.toUs, 59_999 * 10_000 + 7_000);
});

/** A scheduler whose process is stopped from `fromMs` to `toMs`: what is due then happens at the end. */
function stopped(time: VirtualTime, fromMs: number, toMs: number): Scheduler {
  const scheduler = time.startScheduler();
  const startUs = scheduler.nowUs();
  return {
    ...scheduler,
    every: (ms, act) => {
      let end = () => {};
      const again = () => {
        const atMs = (scheduler.nowUs() - startUs) / 1000 + ms;
        const lateMs = atMs > fromMs && atMs < toMs ? toMs - atMs : 0;
        end = time.after((ms + lateMs) * 1000, () => {
          act();
          again();
        });
      };
      again();
      return () => end();
    },
  };
}

test('a stopped process shows as one gap that covers the stop, and ends ticking when it is asked', async () => {
  const time = new VirtualTime();
  const scheduler = stopped(time, 102, 603);
  const tick = createSelfTick(scheduler);
  assert.deepEqual(tick.end(), []);
  const startUs = scheduler.nowUs();
  tick.begin();
  await time.play(scheduler.sleep(1_000, new AbortController().signal));
  const gaps = tick.end();
  assert.deepEqual(gaps, [{ fromUs: startUs + 100_000, toUs: startUs + 603_000 }]);
  await assert.rejects(time.play(new Promise(() => {})), /nothing is due/);
  assert.deepEqual(tick.end(), gaps);
});

test('a process that is asked before its overdue tick has come tells the gap all the same', async () => {
  const time = new VirtualTime();
  const scheduler = stopped(time, 102, 603);
  const tick = createSelfTick(scheduler);
  const startUs = scheduler.nowUs();
  tick.begin();
  await time.play(scheduler.sleep(500, new AbortController().signal));
  assert.deepEqual(tick.end(), [{ fromUs: startUs + 100_000, toUs: startUs + 500_000 }]);
});

test('begin forgets what was before', async () => {
  const time = new VirtualTime();
  const scheduler = stopped(time, 102, 603);
  const tick = createSelfTick(scheduler);
  tick.begin();
  await time.play(scheduler.sleep(700, new AbortController().signal));
  tick.begin();
  await time.play(scheduler.sleep(100, new AbortController().signal));
  assert.deepEqual(tick.end(), []);
});

test('merged gaps are in order and apart', () => {
  assert.deepEqual(mergeGaps([]), []);
  assert.deepEqual(
    mergeGaps([
      { fromUs: 50, toUs: 60 },
      { fromUs: 10, toUs: 30 },
      { fromUs: 20, toUs: 25 },
      { fromUs: 30, toUs: 40 },
      { fromUs: 55, toUs: 70 },
    ]),
    [
      { fromUs: 10, toUs: 40 },
      { fromUs: 50, toUs: 70 },
    ],
  );
});
