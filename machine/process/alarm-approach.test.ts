import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmOf } from './alarm.ts';
import { type Approach, dozing, spinning, spunMs, woken } from './approach.ts';
import { sampleProcess } from './process-sample.ts';

/** How long things take: the way from the sleeper to the main thread, and a turn of the event loop. */
type Machine = { readonly wayUs: number; readonly turnUs: number };

type Played = {
  /** How late the alarm rang for each instant. */
  readonly lateUs: readonly number[];
  /** How often the sleeper was given an instant. */
  readonly settings: number;
  readonly spunUs: number;
};

/** Rings for one instant after the other, in a time that passes only where the machine or `block` lets it. */
function play(
  makeApproach: (block: (us: number) => void) => Approach,
  instants: readonly number[],
  { wayUs, turnUs }: Machine,
): Played {
  const spunBeforeMs = spunMs();
  const lateUs: number[] = [];
  let [nowUs, wakeUs, settings] = [0, Number.POSITIVE_INFINITY, 0];
  let afterTurn: (() => void) | undefined;
  let onWake = () => {};
  const alarm = alarmOf(
    {
      clock: { nowUs: () => nowUs },
      approach: makeApproach((us) => {
        nowUs += us;
      }),
      startSleeper: (wake) => {
        onWake = wake;
        const wakeAt = (atUs: number) => {
          settings++;
          wakeUs = Math.max(nowUs, atUs) + wayUs;
        };
        return { wakeAt, close: async () => {} };
      },
      afterTurn: (then) => {
        afterTurn = then;
      },
    },
    () => {
      while (instants[lateUs.length]! <= nowUs) lateUs.push(nowUs - instants[lateUs.length]!);
      if (lateUs.length < instants.length) alarm.set(instants[lateUs.length]!);
    },
  );
  alarm.set(instants[0]!);
  while (afterTurn || wakeUs < Number.POSITIVE_INFINITY) {
    const turned = afterTurn;
    if (turned) {
      afterTurn = undefined;
      nowUs += turnUs;
      turned();
    } else {
      nowUs = Math.max(nowUs, wakeUs);
      wakeUs = Number.POSITIVE_INFINITY;
      onWake();
    }
  }
  return { lateUs, settings, spunUs: Math.round((spunMs() - spunBeforeMs) * 1000) };
}

const usual: Machine = { wayUs: 100, turnUs: 4 };
const every = (us: number, count: number) => Array.from({ length: count }, (_, i) => (i + 1) * us);

test('who is only woken is late by the way from the thread, and by nothing where an instant has already passed', () => {
  assert.deepEqual(
    play(() => woken, [1_000, 5_000], usual),
    { lateUs: [100, 100], settings: 2, spunUs: 0 },
  );
  // The second is due when the first rings, the third 40 µs later: woken for it at once, and it takes the way again.
  assert.deepEqual(play(() => woken, [1_000, 1_060, 1_140], usual).lateUs, [100, 40, 100]);
});

test('who spins is woken 300 µs early and late by less than a turn of the event loop', () => {
  // Woken at 700 and awake at 800: 50 turns to 1,000. The next at 4,701: awake at 4,801, 50 turns to 5,001.
  assert.deepEqual(play(spinning, [1_000, 5_001], usual), { lateUs: [0, 0], settings: 2, spunUs: 400 });
  assert.deepEqual(play(spinning, [1_002], usual), { lateUs: [0], settings: 1, spunUs: 200 });
  assert.deepEqual(play(spinning, [1_002], { ...usual, turnUs: 3 }), { lateUs: [1], settings: 1, spunUs: 201 });
});

test('a way of more than 300 µs is late by the rest of it', () => {
  assert.deepEqual(play(spinning, [1_000], { ...usual, wayUs: 360 }), { lateUs: [60], settings: 1, spunUs: 0 });
});

test('instants that are microseconds apart are spun for once, not each', () => {
  const together = Array.from({ length: 20 }, (_, i) => 1_000 + 8 * i);
  const { lateUs, settings, spunUs } = play(spinning, together, usual);
  assert.equal(settings, 1);
  assert.equal(spunUs, 200 + 19 * 8);
  assert.deepEqual(new Set(lateUs), new Set([0]));
});

test('150 instants a second are each in time, for 3% of the core', () => {
  const { lateUs, spunUs } = play(spinning, every(6_664, 1_500), usual);
  assert.deepEqual(new Set(lateUs), new Set([0]));
  assert.equal(spunUs, 1_500 * 200);
});

test('more instants than the budget carries: 5% of the core and what was saved, and none later than when only woken', () => {
  for (const perSecond of [200, 400, 1_000, 2_500]) {
    const instants = every(1e6 / perSecond, perSecond * 10);
    const { lateUs, spunUs } = play(spinning, instants, { wayUs: 290, turnUs: 4 });
    assert.equal(lateUs.length, instants.length);
    assert.ok(Math.max(...lateUs) <= 290 + 4, `${perSecond}/s: ${Math.max(...lateUs)} µs late`);
    assert.ok(spunUs <= 500_000 + 3_000 + 20, `${perSecond}/s: ${spunUs} µs`);
  }
});

test('who dozes sleeps until 80 µs before the instant, for a millisecond at most, and spins the rest', () => {
  const asked: number[] = [];
  const sleepsLonger = (byUs: number) => (block: (us: number) => void) =>
    dozing((us) => {
      asked.push(us);
      block(us + byUs);
    });
  // Woken 1,000 µs early, a way of 100. The second is set 400 µs before it is due; a turn comes first.
  assert.deepEqual(play(sleepsLonger(20), [5_000, 5_400, 9_000], usual), {
    lateUs: [0, 0, 0],
    settings: 2,
    spunUs: 60 + 4 + 60 + 60,
  });
  assert.deepEqual(asked, [820, 316, 820]);
  assert.deepEqual(play(sleepsLonger(90), [5_000], usual), { lateUs: [10], settings: 1, spunUs: 0 });
});

test('a turn that took longer was work: only 20 µs of it count as spun', () => {
  const { spunUs } = play(spinning, [1_000], { wayUs: 100, turnUs: 150 });
  assert.equal(spunUs, 40);
});

test('time spun counts as idle time of the event loop', () => {
  const approach = spinning();
  const shareOf = () => sampleProcess().eventLoop;
  const before = shareOf();
  for (let turn = 1; turn <= 50_000; turn++) approach.turned(20, turn);
  const after = shareOf();
  // A second was spun, in less: the loop was active for what the turns took, less the second.
  const passedMs = after.idleMs + after.activeMs - before.idleMs - before.activeMs;
  assert.ok(Math.abs(after.idleMs - before.idleMs - 1_000) < 1e-6);
  assert.ok(Math.abs(after.activeMs - before.activeMs - (passedMs - 1_000)) < 1e-6);
});
