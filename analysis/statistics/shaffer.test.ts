import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shaffer } from './shaffer.ts';
import { holm } from './statistics.ts';

/** What each p-value is multiplied by, from the smallest on: equal tiny ones hide nothing by the rule that none falls. */
function multipliers(count: number): readonly number[] {
  const pairs = (count * (count - 1)) / 2;
  // So far apart that no multiplier changes their order.
  const pValues = Array.from({ length: pairs }, (_, rank) => 1e-300 * 100 ** rank);
  return shaffer(pValues, count).map((adjusted, rank) => Math.round(adjusted / pValues[rank]!));
}

test("Shaffer's multipliers: how many equalities can be true once some are not", () => {
  assert.deepEqual(multipliers(2), [1]);
  assert.deepEqual(multipliers(3), [3, 1, 1]);
  assert.deepEqual(multipliers(4), [6, 3, 3, 3, 2, 1]);
  // Groups of five: all equal 10, four 6, three and two 4, three 3, two and two 2, two 1.
  assert.deepEqual(multipliers(5), [10, 6, 6, 6, 6, 4, 4, 3, 2, 1]);
  assert.deepEqual(multipliers(6), [15, 10, 10, 10, 10, 10, 7, 7, 7, 6, 4, 4, 3, 2, 1]);
});

test('a p-value is never below that of a smaller one, and never above 1', () => {
  // Of four: 0.01 × 6, 0.015 × 3 = 0.045 raised to 0.06, 0.03 × 3, 0.04 × 3, 0.05 × 2 raised to 0.12, 0.9.
  const adjusted = shaffer([0.05, 0.01, 0.9, 0.03, 0.015, 0.04], 4);
  for (const [place, value] of [0.12, 0.06, 0.9, 0.09, 0.06, 0.12].entries())
    assert.ok(Math.abs(adjusted[place]! - value) < 1e-12, `${place}: ${adjusted[place]}`);
  assert.deepEqual(shaffer([0.5, 0.6, 0.7], 3), [1, 1, 1]);
  assert.deepEqual(shaffer([], 1), []);
});

test('it claims whatever Holm claims', () => {
  const pValues = [0.001, 0.004, 0.011, 0.02, 0.024, 0.2];
  const [ours, holms] = [shaffer(pValues, 4), holm(pValues)];
  for (const [place, value] of ours.entries()) assert.ok(value <= holms[place]!);
  // 0.011 × 3 and 0.02 × 3 here, 0.011 × 4 and 0.02 × 3 there; 0.004 × 3 and × 5.
  assert.deepEqual([ours[1]! < 0.013, holms[1]! > 0.019], [true, true]);
});

test('a p-value for each pair, no more and no fewer', () => {
  assert.throws(() => shaffer([0.1, 0.2], 3), new RangeError('2 p-values for the 3 pairs of 3'));
});
