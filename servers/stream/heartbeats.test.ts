import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Heartbeats, remainingMs } from './heartbeats.ts';

const interval = 1000;

/** Heartbeats per tenth of an interval, of `count` timers armed at the same instant. */
function beatsByTenth(t: TestContext, count: number, updateGapMs: number): readonly number[] {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const heartbeats = new Heartbeats();
  let beats = 0;
  for (let i = 0; i < count; i++) heartbeats.after(interval, () => beats++);
  heartbeats.settle(updateGapMs, 0);
  return Array.from({ length: 10 }, () => {
    const before = beats;
    t.mock.timers.tick(interval / 10);
    return beats - before;
  });
}

test('spreads timers armed together evenly where updates are rare', (t) => {
  const tenths = beatsByTenth(t, 200, 1e9);
  assert.ok(
    tenths.every((beats) => Math.abs(beats - 20) <= 1),
    String(tenths),
  );
});

test('with frequent updates clients were silent only briefly: nearly the whole interval remains', (t) => {
  const tenths = beatsByTenth(t, 200, interval / 20);
  assert.deepEqual(tenths.slice(0, 5), [0, 0, 0, 0, 0]);
});

test('the remaining time lies within the interval, and shrinks with longer silence', () => {
  for (const gapMs of [1, 50, 1000, 20_000, 1e9]) {
    let updated = Number.POSITIVE_INFINITY;
    for (let share = 0; share < 1; share += 0.01) {
      const left = remainingMs(share, interval, gapMs);
      assert.ok(left >= 0 && left <= interval, `${left} of ${interval} at ${share}, gap ${gapMs}`);
      if (share < 1 - Math.exp(-interval / gapMs)) {
        assert.ok(left <= updated);
        updated = left;
      }
    }
  }
});

test('timers that fell due during a pause are spread with the others, however long it was', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const heartbeats = new Heartbeats();
  let beats = 0;
  for (let i = 0; i < 100; i++) heartbeats.after(i < 50 ? interval / 2 : interval * 2, () => beats++);
  heartbeats.pause();
  t.mock.timers.tick(interval);
  heartbeats.settle(1e9, 0);
  heartbeats.resume();
  assert.equal(beats, 0);
  t.mock.timers.tick(interval / 4);
  // Half of the shorter intervals, an eighth of the longer ones.
  assert.ok(Math.abs(beats - 31) <= 1, `${beats}`);
  t.mock.timers.tick(interval * 2);
  assert.equal(beats, 100);
});

test('a cancelled timer neither beats nor moves; a paused one beats after resuming', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const heartbeats = new Heartbeats();
  const beats: string[] = [];
  heartbeats.after(10, () => beats.push('cancelled')).cancel();
  heartbeats.after(10, () => beats.push('held'));
  const held = heartbeats.after(10, () => beats.push('held, then cancelled'));
  heartbeats.pause();
  heartbeats.settle(1, 0);
  t.mock.timers.tick(20);
  held.cancel();
  assert.deepEqual(beats, []);
  heartbeats.resume();
  assert.deepEqual(beats, ['held']);
});
