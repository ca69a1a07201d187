import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trendOf } from './trend.ts';

test('p-values agree with all orders counted by hand', () => {
  // Of the six orders of three values one rises throughout and one falls.
  assert.ok(Math.abs(trendOf([[1, 2, 3]])!.pValue - 2 / 6) < 1e-12);
  assert.ok(Math.abs(trendOf([[1, 2, 3, 4, 5]])!.pValue - 2 / 120) < 1e-12);
  // Four series of three that all rise: (1/6)^4 on either side.
  const four = [1, 2, 3, 4].map((scale) => [scale, 2 * scale, 3 * scale]);
  assert.ok(Math.abs(trendOf(four)!.pValue - 2 / 6 ** 4) < 1e-12);
});

test('p-values agree with a count over every order', () => {
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

test('ties count 0', () => {
  // Pairs of 1, 1, 2 rise by 0, 1 and 1; of six orders of three values two reach a score of 2.
  assert.ok(Math.abs(trendOf([[1, 1, 2]])!.pValue - 2 / 6) < 1e-12);
  assert.ok(Math.abs(trendOf([[3, 3, 3]])!.pValue - 1) < 1e-12);
});

test('series add up: a rising and a falling one are no trend', () => {
  const { pValue, factor } = trendOf([
    [1, 2, 3],
    [3, 2, 1],
  ])!;
  assert.ok(Math.abs(pValue - 1) < 1e-12);
  assert.ok(Math.abs(factor - (3 + 1 / 3) / 2) < 1e-9);
  // Of two pairs either both rise, or both fall, or neither: 1/4, 1/4 and 1/2.
  assert.ok(
    Math.abs(
      trendOf([
        [1, 2],
        [5, 7],
      ])!.pValue - 0.5,
    ) < 1e-12,
  );
});

test('the slope is the median of those of all pairs, by their distance', () => {
  // Logs 0, 3, 2 of ln 2: slopes 3, 1 and −1, so twice 1 from end to end.
  assert.ok(Math.abs(trendOf([[1, 8, 4]])!.factor - 4) < 1e-9);
});

test('a single value is ignored beside longer series', () => {
  assert.deepEqual(trendOf([[1, 2, 3], [9]]), trendOf([[1, 2, 3]]));
});

test('more than 40 values are reduced to 40 geometric means of neighbours', () => {
  const pairs = Array.from({ length: 40 }, (_, i) => [1 + (i % 7), 9 - (i % 5)] as const);
  const means = pairs.map(([a, b]) => Math.sqrt(a * b));
  const [long, short] = [trendOf([pairs.flat()])!, trendOf([means])!];
  assert.ok(Math.abs(long.pValue - short.pValue) < 1e-12);
  assert.ok(Math.abs(long.factor - short.factor) < 1e-9);
  // Up to 40 values are used as they are: of all orders one rises and one falls.
  const rising = (length: number) => trendOf([Array.from({ length }, (_, i) => i + 1)])!;
  const orders = (n: number) => Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => a * b, 1);
  assert.ok(Math.abs((rising(40).pValue * orders(40)) / 2 - 1) < 1e-9);
  assert.ok(Math.abs((rising(41).pValue * orders(40)) / 2 - 1) < 1e-9);
  // Of 41 the last two are put together, not the first two, whose mean would be below all others.
  const apart = [100, 1e-9, ...Array.from({ length: 39 }, (_, i) => i + 3)];
  assert.ok((trendOf([apart])!.pValue * orders(40)) / 2 > 2);
});

test('there is no trend without two values, or with a value that has no logarithm', () => {
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
