import { steppedDown } from './statistics.ts';

/**
 * Adjusted p-values of the comparisons of every two of `count` means, in the given order, held at 5% like Holm's.
 *
 * Holm multiplies by the number of hypotheses that are left. Of equalities between pairs fewer can be true: if two of
 * four means differ, each of the other two equals at most one of them, so at most three of the remaining five
 * equalities hold (Shaffer 1986, "Modified sequentially rejective multiple test procedures"). For four means the
 * multipliers are 6, 3, 3, 3, 2, 1. Throws a RangeError unless there is a p-value for each pair.
 */
export function shaffer(pValues: readonly number[], count: number): readonly number[] {
  if (pValues.length !== pairsAmong(count)) {
    throw new RangeError(`${pValues.length} p-values for the ${pairsAmong(count)} pairs of ${count}`);
  }
  const possible = possibleEqualities(count);
  return steppedDown(pValues, (left) => Math.max(...possible.filter((equalities) => equalities <= left)));
}

/** How many of all pairs can be equal at once: means fall into groups of equal ones, and each group adds its pairs. */
function possibleEqualities(count: number): readonly number[] {
  if (count === 0) return [0];
  const sums = new Set<number>();
  for (let group = 1; group <= count; group++) {
    for (const rest of possibleEqualities(count - group)) sums.add(pairsAmong(group) + rest);
  }
  return [...sums];
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}
