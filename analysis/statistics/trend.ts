import { mean, median } from 'simple-statistics';

/** Whether series go up or down together in time. */
export type Trend = {
  /** Two-sided, of the hypothesis that the order in time is random. Exact. */
  readonly pValue: number;
  /** The factor by which the typical series changes from its first value to its last. */
  readonly factor: number;
};

/**
 * The seasonal Kendall test (Hirsch, Slack and Smith 1982, https://doi.org/10.1029/WR018i001p00107) of several series,
 * each in order of time. In each series, pairs that rise count +1 and pairs that fall −1; the sum is compared with its
 * exact distribution under random order. It uses ranks only, so series may differ in scatter and have outliers, and
 * assumes that the series are independent. Ties count 0, which makes the test conservative.
 *
 * The factor is the median of the series' Theil–Sen slopes of the logarithm, from end to end. `undefined` without a
 * series of two values, or if a value has no logarithm.
 */
export function trendOf(series: readonly (readonly number[])[]): Trend | undefined {
  const used = series.filter(({ length }) => length > 1).map(condensed);
  if (used.length === 0 || !used.flat().every((value) => Number.isFinite(Math.log(value)))) return undefined;
  const score = used.reduce((sum, values) => sum + pairsOf(values, (a, b) => Math.sign(b - a)).reduce(add, 0), 0);
  const factors = used.map((values) => {
    const slopes = pairsOf(values, (a, b, distance) => (Math.log(b) - Math.log(a)) / distance);
    return Math.exp(median(slopes) * (values.length - 1));
  });
  return {
    pValue: chanceOf(
      score,
      used.map(({ length }) => length),
    ),
    factor: median(factors),
  };
}

/**
 * Limits the work: pairs grow with the square of the points, their distribution faster. This many points show a trend
 * in a long run.
 */
const mostPoints = 40;

/** A long series reduced to geometric means of groups of neighbours, which differ in size by at most one. */
function condensed(values: readonly number[]): readonly number[] {
  if (values.length <= mostPoints) return values;
  const at = (point: number) => Math.floor((point * values.length) / mostPoints);
  return Array.from({ length: mostPoints }, (_, point) => {
    return Math.exp(mean(values.slice(at(point), at(point + 1)).map(Math.log)));
  });
}

function pairsOf(values: readonly number[], of: (a: number, b: number, distance: number) => number): number[] {
  return values.flatMap((a, i) => values.slice(i + 1).map((b, j) => of(a, b, j + 1)));
}

/** The probability of a sum of scores at least as far from 0, if every order of each series is equally likely. */
function chanceOf(score: number, lengths: readonly number[]): number {
  const largest = lengths.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const falling = lengths.map(fallingPairs).reduce(convolved, [1]);
  const extreme = falling.filter((_, pairs) => Math.abs(largest - 2 * pairs) >= Math.abs(score));
  return Math.min(1, extreme.reduce(add, 0));
}

/** The distribution of the number of falling pairs among all orders of n values (Kendall 1938). */
function fallingPairs(n: number): readonly number[] {
  let chances: readonly number[] = [1];
  // The k-th value comes before 0 to k − 1 of the smaller ones, with equal probability.
  for (let k = 2; k <= n; k++) chances = convolved(chances, new Array<number>(k).fill(1 / k));
  return chances;
}

function convolved(a: readonly number[], b: readonly number[]): readonly number[] {
  const sums = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      sums[i + j]! += x * y;
    });
  });
  return sums;
}

function add(sum: number, value: number): number {
  return sum + value;
}
