import { incompleteBeta } from './incomplete-beta.ts';
import { significance } from './statistics.ts';

export type BinomialInterval = { readonly low: number; readonly high: number };

/**
 * The exact 95% interval of a share (0 to 1) from `hits` out of `tries` (Clopper and Pearson 1934,
 * https://doi.org/10.1093/biomet/26.4.404). At `low`, this many hits or more have a probability of 2.5%; at `high`,
 * this many or fewer.
 */
export function binomialInterval(hits: number, tries: number): BinomialInterval {
  // P(at least k of n at share x) is the regularised incomplete beta function of x with k and n − k + 1.
  const atLeast = (k: number) => (share: number) => incompleteBeta(share, k, tries - k + 1);
  return {
    low: hits === 0 ? 0 : shareWhere(atLeast(hits), significance / 2),
    high: hits === tries ? 1 : shareWhere(atLeast(hits + 1), 1 - significance / 2),
  };
}

/**
 * Whether `hits` out of `tries` show with this confidence that the share behind them is below `share`: the upper end of
 * Clopper and Pearson's one-sided interval is not beyond it.
 */
export function isBelow(hits: number, tries: number, share: number, confidence: number): boolean {
  if (hits >= tries) return false;
  // P(more than `hits` at `share`).
  return incompleteBeta(share, hits + 1, tries - hits) >= confidence;
}

/** The share at which a rising function reaches a value, by bisection. */
function shareWhere(rising: (share: number) => number, value: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
