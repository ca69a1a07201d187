import { type RatioEstimate, significance } from '../statistics/statistics.ts';

/**
 * What a ratio tells once its p-value is adjusted for all that is asked beside it. `equal`: the whole interval lies
 * within the smallest difference that counts. `unresolved`: the interval leaves 1 out, but that is not clear enough
 * among so many comparisons: no tie, more repeats would decide it. `cannot-tell`: 1 is within the interval, and so are
 * differences that count. `too-few`: not judged.
 */
export type Outcome = 'lower' | 'higher' | 'equal' | 'unresolved' | 'cannot-tell' | 'too-few';

type Judged = { readonly estimate: RatioEstimate | undefined };

/** `leastDifference`: a smaller one is no reason to choose, however certain it is: 0.05 for 5% either way. */
export function outcomeOf({ estimate }: Judged, adjustedP: number | undefined, leastDifference: number): Outcome {
  if (adjustedP === undefined || !estimate) return 'too-few';
  const { ratio, low, high } = estimate;
  if (low >= 1 / (1 + leastDifference) && high <= 1 + leastDifference) return 'equal';
  if (adjustedP <= significance) return ratio < 1 ? 'lower' : 'higher';
  return leavesOneOut(estimate) ? 'unresolved' : 'cannot-tell';
}

/** Whether one of the two is above the other in the whole interval. */
export function leavesOneOut({ low, high }: RatioEstimate): boolean {
  return low > 1 || high < 1;
}

/** The outcome of the same comparison the other way round. */
export function turnedOutcome(outcome: Outcome): Outcome {
  if (outcome === 'lower') return 'higher';
  return outcome === 'higher' ? 'lower' : outcome;
}

/** Whether one of the two is clearly the better: beyond chance, and not equal within the smallest difference that counts. */
export function isOrdered({ outcome }: { readonly outcome: Outcome }): boolean {
  return outcome === 'lower' || outcome === 'higher';
}
