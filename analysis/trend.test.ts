import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trendOf } from './trend.ts';

test('the chances are those of all orders, counted by hand', () => {
  // Of the six orders of three values one rises throughout and one falls.
  assert.ok(Math.abs(trendOf([[1, 2, 3]])!.pValue - 2 / 6) < 1e-12);
  assert.ok(Math.abs(trendOf([[1, 2, 3, 4, 5]])!.pValue - 2 / 120) < 1e-12);
  // Four series of three that all rise: (1/6)^4 on either side.
  const four = [1, 2, 3, 4].map((scale) => [scale, 2 * scale, 3 * scale]);
  assert.ok(Math.abs(trendOf(four)!.pValue - 2 / 6 ** 4) < 1e-12);
});

test('it agrees with a count over every order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5, maxLength: 5 }), (values) => {
      const score = (list: readonly number[]) =>
        list.flatMap((a, i) => list.slice(i + 1).map((b) => Math.sign(b - a))).reduce((x, y) => x + y, 0);
      const all = permutations([1, 2, 3, 4, 5]);
      const extreme = all.filter((list) => Math.abs(score(list)) >= Math.abs(score(values))).length;
      assert.ok(Math.abs(trendOf([values])!.pValue - extreme / all.length) < 1e-12);
    }),
    { numRuns: 30 },
  );
});

test('the factor is that of the typical series from end to end', () => {
  const { factor } = trendOf([
    [1, 1.1, 1.21],
    [50, 55, 60.5],
    [7, 7, 7],
  ])!;
  assert.ok(Math.abs(factor - 1.21) < 1e-9);
});

test('without two values, or with one that has no logarithm, there is none', () => {
  assert.equal(trendOf([]), undefined);
  assert.equal(trendOf([[1], [2]]), undefined);
  assert.equal(trendOf([[1, 0, 2]]), undefined);
});

test('a long series is judged too, in bounded time', () => {
  const rising = Array.from({ length: 2_000 }, (_, i) => 100 + i / 100);
  const { pValue, factor } = trendOf([rising, rising])!;
  assert.ok(pValue < 1e-12 && factor > 1.18 && factor < 1.21, `${pValue} ${factor}`);
});

function permutations(values: readonly number[]): readonly (readonly number[])[] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, i) =>
    permutations([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
  );
}
