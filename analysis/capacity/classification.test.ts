import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  classificationOf,
  conditionalThroughput,
  exceedRatiosOf,
  type LoadClass,
  type SearchGoal,
  type WindowResult,
} from './classification.ts';

/** The goals of RFC 9971, appendix C.1. */
const goals = {
  RFC2544: { finalDurationSeconds: 60, durationSumSeconds: 60, lossRatio: 0, exceedRatio: 0 },
  TST009: { finalDurationSeconds: 60, durationSumSeconds: 120, lossRatio: 0, exceedRatio: 0.5 },
  '1s final': { finalDurationSeconds: 1, durationSumSeconds: 120, lossRatio: 0.005, exceedRatio: 0.5 },
  '20% exceed': { finalDurationSeconds: 60, durationSumSeconds: 60, lossRatio: 0.005, exceedRatio: 0.2 },
} as const satisfies Readonly<Record<string, SearchGoal>>;

type GoalName = keyof typeof goals;

function times(count: number, durationSeconds: number, lossRatio: number): readonly WindowResult[] {
  return Array.from({ length: count }, () => ({ durationSeconds, lossRatio }));
}

/** What appendix C.2 adds from one point in time to the next. */
const added: readonly (readonly WindowResult[])[] = [
  times(59, 1, 0),
  times(1, 1, 0.01),
  times(59, 1, 0.01),
  times(1, 1, 0),
  times(1, 60, 0.001),
  times(1, 60, 0),
];

const [U, L, no]: readonly [LoadClass, LoadClass, LoadClass] = ['upper-bound', 'lower-bound', 'undecided'];

/** Percent of the tables of appendix C.3: optimistic and pessimistic exceed ratio, and the classification. */
const tables: readonly Readonly<Record<GoalName, readonly [number, number, LoadClass]>>[] = [
  { RFC2544: [0, 100, no], TST009: [0, 100, no], '1s final': [0, 50.833, no], '20% exceed': [0, 100, no] },
  { RFC2544: [1.667, 100, U], TST009: [0, 100, no], '1s final': [0.833, 50.833, no], '20% exceed': [0, 100, no] },
  { RFC2544: [100, 100, U], TST009: [0.833, 100, no], '1s final': [50, 50.833, no], '20% exceed': [75.417, 100, U] },
  { RFC2544: [100, 100, U], TST009: [0, 100, no], '1s final': [50, 50, L], '20% exceed': [75, 100, U] },
  { RFC2544: [100, 100, U], TST009: [50, 100, no], '1s final': [33.333, 33.333, L], '20% exceed': [42.857, 42.857, L] },
  { RFC2544: [66.667, 66.667, U], TST009: [50, 50, L], '1s final': [25, 25, L], '20% exceed': [27.273, 27.273, L] },
];

/**
 * The tables of points 5 and 6 call shares of 43% and 27% a lower bound for the goal that allows 20%. By the code of
 * appendix A, which the RFC defines its bounds by, they are upper bounds.
 */
const misprinted = (point: number, goal: GoalName) => point >= 5 && goal === '20% exceed';

describe('the example search of RFC 9971, appendix C', () => {
  for (const [place, table] of tables.entries()) {
    const windows = added.slice(0, place + 1).flat();
    for (const [name, [optimistic, pessimistic, expected]] of Object.entries(table) as [
      GoalName,
      (typeof table)[GoalName],
    ][]) {
      test(`point ${place + 1}, ${name}`, () => {
        const found = exceedRatiosOf(goals[name], windows);
        assert.ok(Math.abs(found.optimistic * 100 - optimistic) < 0.0005, `optimistic: ${found.optimistic}`);
        assert.ok(Math.abs(found.pessimistic * 100 - pessimistic) < 0.0005, `pessimistic: ${found.pessimistic}`);
        assert.equal(classificationOf(goals[name], windows), misprinted(place + 1, name) ? U : expected);
      });
    }
  }

  test('its conditional throughputs', () => {
    const all = added.flat();
    const million = 1_000_000;
    assert.equal(conditionalThroughput(goals.TST009, million, all), million);
    assert.equal(conditionalThroughput(goals['1s final'], million, all), million);
    assert.equal(conditionalThroughput(goals['20% exceed'], million, all), 999_000);
  });
});

test('without a window nothing is known', () => {
  for (const goal of Object.values(goals)) assert.equal(classificationOf(goal, []), no);
});

test('windows that are missing count as lost', () => {
  assert.equal(conditionalThroughput(goals.TST009, 100, times(1, 60, 0.25)), 75);
  assert.equal(conditionalThroughput({ ...goals.TST009, exceedRatio: 0.25 }, 100, times(1, 60, 0.25)), 0);
});
