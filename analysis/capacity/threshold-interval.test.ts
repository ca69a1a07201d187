import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Random, randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { classificationOf, firstWindows, type SearchGoal, type WindowResult } from './classification.ts';
import { gridOf, nextStep, type Search } from './search.ts';
import { type JudgedWindow, thresholdInterval } from './threshold-interval.ts';

const goal: SearchGoal = { finalDurationSeconds: 1, durationSumSeconds: 21, lossRatio: 0.01, exceedRatio: 0.5 };
const coarse: SearchGoal = { ...goal, durationSumSeconds: 3 };
const search: Search = {
  loads: gridOf(10, 10_000, (load) => load),
  decide: (_, windows) => classificationOf(goal, windows),
  glance: (_, windows) => classificationOf(coarse, firstWindows(coarse, windows)),
};

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

/** A search against a server whose capacity drifts; what was judged, and the capacity in the middle of the search. */
function searched(
  random: Random,
  drift: (done: number) => number,
): { windows: readonly JudgedWindow[]; truth: number } {
  const capacity = 20 * 400 ** random.float();
  const measured = new Map<number, readonly WindowResult[]>();
  const windows: JudgedWindow[] = [];
  const capacities: number[] = [];
  for (;;) {
    const step = nextStep(search, measured);
    if (step.kind === 'done') break;
    const now = capacity * Math.exp(drift(windows.length / usualWindows));
    const bad = step.load * Math.exp(0.17 * normal(random)) > now;
    windows.push({ load: step.load, at: windows.length, bad });
    capacities.push(now);
    const window = { durationSeconds: 1, lossRatio: bad ? 0.5 : 0 };
    measured.set(step.place, [...(measured.get(step.place) ?? []), window]);
  }
  const logs = capacities.map(Math.log);
  return { windows, truth: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) };
}

/** About as many as such a search takes. */
const usualWindows = 80;

describe('with 17% noise of each window the interval covers the truth in at least 90% of searches', () => {
  const drifts: Readonly<Record<string, (done: number) => number>> = {
    'without drift': () => 0,
    'with a drift of 10% in all': (done) => 0.1 * (done - 0.5),
    'with a drift of 20% in all': (done) => -0.2 * (done - 0.5),
    'with ups and downs of 10%': (done) => 0.1 * Math.sin(4 * done),
  };
  for (const [name, drift] of Object.entries(drifts)) {
    test(name, (t) => {
      const random = randomFrom(seedFrom('capacity', name));
      const played = Array.from({ length: 120 }, () => searched(random, drift));
      const found = played.map(({ windows, truth }) => ({ ...thresholdInterval(windows)!, truth }));
      const covering = found.filter(({ low, high, truth }) => low <= truth && truth <= high).length;
      const widths = found.map(({ low, high }) => high / low - 1).sort((a, b) => a - b);
      t.diagnostic(`${covering} of 120 cover, the median width is ${(widths[60]! * 100).toFixed(0)}%`);
      assert.ok(covering >= 108, `${covering} of 120`);
      // An interval from nothing to everything would cover, too.
      assert.ok(widths[60]! < 0.25, `${widths[60]}`);
    });
  }
});

test('where every window is on its side, the interval is the gap between them', () => {
  const windows = [80, 90, 100, 110, 120].flatMap((load, place) =>
    [0, 1, 2, 3, 4].map((at) => ({ load, at: 5 * at + place, bad: load > 100 })),
  );
  const { value, low, high } = thresholdInterval(windows)!;
  assert.ok(low > 95 && low <= 101 && high >= 109 && high < 116, `${low} to ${high}`);
  assert.ok(Math.abs(value / Math.sqrt(100 * 110) - 1) < 0.01, String(value));
});

test('of windows that are all alike nothing is known', () => {
  assert.equal(thresholdInterval([{ load: 1, at: 0, bad: false }]), undefined);
  assert.equal(thresholdInterval([{ load: 1, at: 0, bad: true }]), undefined);
  assert.equal(thresholdInterval([]), undefined);
});
