import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmOf } from './alarm.ts';
import { type Approach, dozing, spinning, waitedMs, woken } from './approach.ts';
import type { Clock } from './clock.ts';
import { sampleProcess } from './process-sample.ts';
import { createWakeLimit } from './wake-limit.ts';

/** How long things take: the way from the sleeper to the main thread, and a turn of the event loop. */
type Machine = {
  readonly wayUs: number;
  readonly turnUs: number;
  readonly onTurn?: (nowUs: number) => void;
};

type Played = {
  /** How late the alarm rang for each instant. */
  readonly lateUs: readonly number[];
  /** How often the sleeper was given an instant. */
  readonly settings: number;
  /** Spun or dozed. */
  readonly waitedUs: number;
};

/** Rings for one instant after the other, in a time that passes only where the machine or `block` lets it. */
function play(
  makeApproach: (clock: Pick<Clock, 'nowUs'>, block: (us: number) => void) => Approach,
  instants: readonly number[],
  { wayUs, turnUs, onTurn }: Machine,
): Played {
  const waitedBeforeMs = waitedMs();
  const lateUs: number[] = [];
  let [nowUs, wakeUs, settings] = [0, Number.POSITIVE_INFINITY, 0];
  let afterTurn: (() => void) | undefined;
  let onWake = () => {};
  const clock = { nowUs: () => nowUs };
  // To look at the clock takes time, or a spin would not end.
  const spinClock = { nowUs: () => nowUs++ };
  const block = (us: number) => {
    nowUs += us;
  };
  const alarm = alarmOf(
    {
      clock,
      approach: makeApproach(spinClock, block),
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
      onTurn?.(nowUs);
      turned();
    } else {
      nowUs = Math.max(nowUs, wakeUs);
      wakeUs = Number.POSITIVE_INFINITY;
      onWake();
    }
  }
  return { lateUs, settings, waitedUs: Math.round((waitedMs() - waitedBeforeMs) * 1000) };
}

const usual: Machine = { wayUs: 100, turnUs: 4 };
const every = (us: number, count: number) => Array.from({ length: count }, (_, i) => (i + 1) * us);

test('who is only woken is late by the way from the thread, and by nothing where an instant has already passed', () => {
  assert.deepEqual(
    play(() => woken, [1_000, 5_000], usual),
    { lateUs: [100, 100], settings: 2, waitedUs: 0 },
  );
  // The second is due when the first rings, the third 40 µs later: woken for it at once, and it takes the way again.
  assert.deepEqual(play(() => woken, [1_000, 1_060, 1_140], usual).lateUs, [100, 40, 100]);
});

test('who spins is woken 300 µs early and late by less than a turn of the event loop', () => {
  // Woken at 700 and awake at 800: 50 turns to 1,000. The next at 4,701: awake at 4,801, 50 turns to 5,001.
  assert.deepEqual(
    play(() => spinning(), [1_000, 5_001], usual),
    { lateUs: [0, 0], settings: 2, waitedUs: 400 },
  );
  assert.deepEqual(
    play(() => spinning(), [1_002], usual),
    { lateUs: [0], settings: 1, waitedUs: 200 },
  );
  assert.deepEqual(
    play(() => spinning(), [1_002], { ...usual, turnUs: 3 }),
    { lateUs: [1], settings: 1, waitedUs: 201 },
  );
});

test('a way of more than 300 µs is late by the rest of it', () => {
  assert.deepEqual(
    play(() => spinning(), [1_000], { ...usual, wayUs: 360 }),
    { lateUs: [60], settings: 1, waitedUs: 0 },
  );
});

test('instants that are microseconds apart are spun for once, not each', () => {
  const together = Array.from({ length: 20 }, (_, i) => 1_000 + 8 * i);
  const { lateUs, settings, waitedUs } = play(() => spinning(), together, usual);
  assert.equal(settings, 1);
  assert.equal(waitedUs, 200 + 19 * 8);
  assert.deepEqual(new Set(lateUs), new Set([0]));
});

test('150 instants a second are each in time, for 3% of the core', () => {
  const { lateUs, waitedUs } = play(() => spinning(), every(6_664, 1_500), usual);
  assert.deepEqual(new Set(lateUs), new Set([0]));
  assert.equal(waitedUs, 1_500 * 200);
});

test('more instants than the budget carries: 5% of the core and what was saved, and none later than when only woken', () => {
  for (const perSecond of [200, 400, 1_000, 2_500]) {
    const instants = every(1e6 / perSecond, perSecond * 10);
    const { lateUs, waitedUs } = play(() => spinning(), instants, { wayUs: 290, turnUs: 4 });
    assert.equal(lateUs.length, instants.length);
    assert.ok(Math.max(...lateUs) <= 290 + 4, `${perSecond}/s: ${Math.max(...lateUs)} µs late`);
    assert.ok(waitedUs <= 500_000 + 3_000 + 20, `${perSecond}/s: ${waitedUs} µs`);
  }
});

test('thousands of instants a second within a limit: a thousand wake-ups, for all within a millisecond', () => {
  const limited = () => spinning(createWakeLimit());
  for (const perSecond of [2_500, 10_000]) {
    const { lateUs, settings, waitedUs } = play(limited, every(1e6 / perSecond, perSecond * 10), usual);
    assert.equal(lateUs.length, perSecond * 10);
    assert.ok(Math.max(...lateUs) <= 1_000 + usual.wayUs, `${perSecond}/s: ${Math.max(...lateUs)} µs late`);
    assert.ok(settings > 8_000 && settings <= 10_020, `${perSecond}/s: woken ${settings} times in 10 s`);
    assert.ok(waitedUs <= 503_020, `${perSecond}/s: ${waitedUs} µs`);
  }
});

/** Dozes in a time where a sleep ends late by what `lateByUs` says. `asked`: the sleeps. */
function dozes(lateByUs: (sleep: number) => number) {
  const asked: number[] = [];
  const makeApproach: Parameters<typeof play>[0] = (clock, block) =>
    dozing(clock, (us) => {
      block(us + lateByUs(asked.length));
      asked.push(us);
    });
  return { asked, makeApproach };
}

test('who dozes sleeps until 80 µs before the instant at first, spins the rest, and goes on to the next without a turn', () => {
  const { asked, makeApproach } = dozes(() => 20);
  // Woken 1,000 µs early, a way of 100. To look at the clock takes 1 µs.
  const { lateUs, settings } = play(makeApproach, [5_000, 5_400, 9_000], usual);
  assert.equal(settings, 2);
  assert.ok(Math.max(...lateUs) <= 2, `${lateUs}`);
  assert.deepEqual(asked.map(Math.round), [820, 319, 822]);
});

test('after more than 100 ms a process is woken 5 ms early and naps, so that a wake-up late by milliseconds does no harm', () => {
  const { asked, makeApproach } = dozes(() => 50);
  const { lateUs, settings } = play(makeApproach, [200_000, 400_000], { ...usual, wayUs: 3_000 });
  assert.equal(settings, 2);
  assert.ok(Math.max(...lateUs) <= 2, `${lateUs}`);
  // 2,000 µs are left: naps of 150 that take 200, and a last sleep.
  assert.equal(asked.length, 20);
  assert.deepEqual(asked.slice(0, 9), Array(9).fill(150));
  // At 100 ms or less it is woken 1,000 µs early.
  assert.deepEqual(play(dozes(() => 50).makeApproach, [90_000], { ...usual, wayUs: 3_000 }).lateUs, [2_000]);
});

test('who dozes is late by what a sleep takes too long, beyond what is allowed for', () => {
  const { lateUs } = play(dozes(() => 90).makeApproach, [5_000], usual);
  assert.ok(lateUs[0]! >= 10 && lateUs[0]! <= 12, `${lateUs}`);
});

test('what is allowed for follows what half of the sleeps take too long', () => {
  // 20, 21 … 69 µs, each as often.
  const { asked, makeApproach } = dozes((sleep) => 20 + ((sleep * 37) % 50));
  const { lateUs } = play(makeApproach, every(5_000, 3_000), usual);
  const allowed = asked.slice(-1_000).map((us) => 900 - us);
  assert.ok(
    Math.min(...allowed) > 40 && Math.max(...allowed) < 50,
    `${Math.min(...allowed)} to ${Math.max(...allowed)}`,
  );
  const late = lateUs.slice(-1_000).filter((us) => us > 2).length;
  assert.ok(late > 400 && late < 520, `${late} of 1,000`);
});

test('who dozes turns the event loop at least every 2 ms, however near the instants', () => {
  let longestUs = 0;
  let turnedUs = 5_000;
  const { makeApproach } = dozes(() => 0);
  const instants = every(300, 1_000).map((us) => us + 5_000);
  const { lateUs } = play(makeApproach, instants, {
    ...usual,
    onTurn: (nowUs) => {
      longestUs = Math.max(longestUs, nowUs - turnedUs);
      turnedUs = nowUs;
    },
  });
  assert.equal(lateUs.length, 1_000);
  assert.ok(longestUs <= 2_000, `${longestUs} µs`);
});

test('more instants than the budget carries: who dozes then sleeps to the instant, and spins 5% of the time', () => {
  const { makeApproach } = dozes((sleep) => (sleep % 2 === 0 ? 0 : 100));
  const { lateUs, waitedUs } = play(makeApproach, every(500, 20_000), usual);
  assert.ok(waitedUs > 0);
  assert.ok(Math.max(...lateUs) <= 104);
  assert.ok(lateUs.filter((us) => us > 90).length > 2_000, 'late where nothing is left to spin');
});

test('a turn that took longer was work: only 20 µs of it count as spun', () => {
  const { waitedUs } = play(() => spinning(), [1_000], { wayUs: 100, turnUs: 150 });
  assert.equal(waitedUs, 40);
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
