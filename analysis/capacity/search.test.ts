import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Random, randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { classificationOf, firstWindows, type SearchGoal, type WindowResult } from './classification.ts';
import { gridOf, type Measured, nextStep, type Search, type SearchResult } from './search.ts';

/** Windows of a second: 21 of them decide, in a coarse look three. */
const goal: SearchGoal = { finalDurationSeconds: 1, durationSumSeconds: 21, lossRatio: 0.01, exceedRatio: 0.5 };
const coarse: SearchGoal = { ...goal, durationSumSeconds: 3 };
const search: Search = {
  loads: gridOf(10, 10_000, (load) => load),
  decide: (_, windows) => classificationOf(goal, windows),
  glance: (_, windows) => classificationOf(coarse, firstWindows(coarse, windows)),
};
const mostWindows = 2000;

type Played = { readonly result: SearchResult; readonly places: readonly number[] };

/** Plays a search against a server that says of each window whether it is bad. */
function played(isBad: (load: number, nth: number) => boolean, most = mostWindows): Played {
  const measured = new Map<number, readonly WindowResult[]>();
  const places: number[] = [];
  for (;;) {
    const step = nextStep(search, measured as Measured, places.length >= most);
    if (step.kind === 'done') return { result: step.result, places };
    const window = { durationSeconds: 1, lossRatio: isBad(step.load, places.length) ? 0.5 : 0 };
    measured.set(step.place, [...(measured.get(step.place) ?? []), window]);
    places.push(step.place);
  }
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

describe('a server without noise', () => {
  test('is bounded within 5%, for any capacity', () => {
    for (let capacity = 10.3; capacity < 9500; capacity *= 1.37) {
      const { result } = played((load) => load > capacity);
      assert.equal(result.kind, 'regular');
      assert.ok(result.lower! <= capacity && capacity < result.upper!, `${capacity}: ${result.lower} ${result.upper}`);
      assert.ok(result.upper! / result.lower! < 1.0507, `${capacity}: ${result.lower} ${result.upper}`);
    }
  });

  test('is asked for the least load first, then twice as much, never far beyond what it carries', () => {
    const { places } = played((load) => load > 100);
    const loads = places.map((place) => search.loads[place]!);
    assert.equal(loads[0], 10);
    assert.ok(Math.max(...loads) < 220, String(Math.max(...loads)));
    const firsts = loads.filter((_, at) => places.indexOf(places[at]!) === at).slice(0, 4);
    for (const [at, load] of firsts.entries()) assert.ok(Math.abs(load / (10 * 2 ** at) - 1) < 0.01, String(firsts));
  });

  test('that carries the most, or not the least, gives an irregular result', () => {
    const all = played(() => false).result;
    assert.deepEqual([all.kind, all.upper], ['all-carried', undefined]);
    assert.ok(all.lower! > 9750 && all.lower! <= 10_000, String(all.lower));
    assert.deepEqual(played(() => true).result, { kind: 'none-carried', lower: undefined, upper: 10 });
  });

  test('is left when the time is over, with the bounds so far', () => {
    const { result, places } = played((load) => load > 1000, 40);
    assert.equal(places.length, 40);
    assert.equal(result.kind, 'unfinished');
  });
});

test('of two loads the smaller that is not carried counts, even below one that is', () => {
  // Between 95 and 105 something is in the way.
  const { result } = played((load) => (load > 95 && load < 105) || load > 500);
  assert.ok(result.upper! <= 105 || result.upper! > 500, String(result.upper));
  const measured = new Map([
    [40, windowsOf(false)],
    [44, windowsOf(true)],
    [60, windowsOf(false)],
    [62, windowsOf(true)],
  ]);
  const step = nextStep(search, measured);
  assert.deepEqual(step, { kind: 'measure', place: 42, load: search.loads[42]! });
});

function windowsOf(isBad: boolean): readonly WindowResult[] {
  return Array.from({ length: 21 }, () => ({ durationSeconds: 1, lossRatio: isBad ? 0.5 : 0 }));
}

test('1,000 searches with 5% noise of each window: at least 97% of them within 5%', () => {
  const random = randomFrom(seedFrom('capacity', 'noise'));
  let found = 0;
  let windows = 0;
  for (let i = 0; i < 1000; i++) {
    const capacity = 20 * 400 ** random.float();
    const { result, places } = played((load) => load * Math.exp(0.05 * normal(random)) > capacity);
    windows += places.length;
    const middle = Math.sqrt(result.lower! * result.upper!);
    if (result.kind === 'regular' && Math.abs(middle / capacity - 1) <= 0.05) found++;
  }
  assert.ok(found >= 970, `${found} of 1000`);
  assert.ok(windows / 1000 < 120, `${windows / 1000} windows a search`);
});
