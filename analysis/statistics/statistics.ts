import { mean, sampleStandardDeviation, sampleVariance } from 'simple-statistics';
import { tQuantile, tTails } from './student-t.ts';

/** The error rate that a family of tests is held at; intervals are at one minus this. */
export const significance = 0.05;

export type RatioEstimate = {
  /** Geometric mean of the ratios. */
  readonly ratio: number;
  /** 95% interval. */
  readonly low: number;
  readonly high: number;
  /** Two-sided, of the hypothesis that the ratio is 1. Not adjusted. */
  readonly pValue: number;
};

/**
 * Student's t on the logarithms of paired ratios, one ratio per block. Its 95% interval is accurate from three repeats
 * on.
 *
 * `resolution` is the relative error of each reading, such as 0.001 for a histogram of three digits: equal readings
 * prove only that the ratio is that close to 1. It widens the interval, and a difference must exceed it to count.
 *
 * `undefined` for fewer than two ratios, or if a ratio has no logarithm.
 */
export function pairedRatio(ratios: readonly number[], resolution = 0): RatioEstimate | undefined {
  const logs = ratios.map(Math.log);
  if (logs.length < 2 || !logs.every(Number.isFinite)) return undefined;
  const error = sampleStandardDeviation(logs) / Math.sqrt(logs.length);
  return estimateOf(mean(logs), error, logs.length - 1, resolution);
}

/** Sums of logarithms are rounded; equal readings must not differ because of that. */
export const leastResolution = 1e-9;

/**
 * B divided by A from unpaired repeats: Welch's t on the logarithms, which allows A and B different scatter (Welch
 * 1947; degrees of freedom by Satterthwaite 1946). `resolution` as in `pairedRatio`.
 *
 * `undefined` for fewer than two readings of either, or if a reading has no logarithm.
 */
export function unpairedRatio(
  a: readonly number[],
  b: readonly number[],
  resolution = leastResolution,
): RatioEstimate | undefined {
  const [logsA, logsB] = [a.map(Math.log), b.map(Math.log)];
  if (logsA.length < 2 || logsB.length < 2 || ![...logsA, ...logsB].every(Number.isFinite)) return undefined;
  const [ofA, ofB] = [sampleVariance(logsA) / logsA.length, sampleVariance(logsB) / logsB.length];
  const error = Math.sqrt(ofA + ofB);
  const degrees = (ofA + ofB) ** 2 / (ofA ** 2 / (logsA.length - 1) + ofB ** 2 / (logsB.length - 1));
  return estimateOf(mean(logsB) - mean(logsA), error, degrees, Math.max(resolution, leastResolution));
}

/**
 * From the mean of the logarithms, its standard error and the degrees of freedom of that, which are NaN without scatter.
 * `errors`: how many standard errors the interval reaches to either side.
 */
export function estimateOf(
  center: number,
  error: number,
  degrees: number,
  resolution: number,
  errors = error === 0 ? 0 : errorsWithin(degrees),
): RatioEstimate {
  const blur = Math.log1p(resolution);
  const reach = blur + errors * error;
  return {
    ratio: Math.exp(center),
    low: Math.exp(center - reach),
    high: Math.exp(center + reach),
    pValue: twoSidedP(Math.max(0, Math.abs(center) - blur), error, degrees),
  };
}

/** How many standard errors a 95% interval reaches to either side. */
export function errorsWithin(degrees: number): number {
  return tQuantile(1 - significance / 2, degrees);
}

/** The two-sided p-value of a distance from 0, by Student's t with a standard error and its degrees of freedom. */
export function twoSidedP(distance: number, error: number, degrees: number): number {
  if (distance === 0) return 1;
  if (error === 0) return 0;
  return tTails(distance / error, degrees);
}

/**
 * Holm's adjusted p-values (1979), in the given order. Those of at most 0.05 are significant, with an error rate of 5%
 * for the whole family.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  return steppedDown(pValues, (left) => left);
}

/**
 * P-values adjusted step by step from the smallest on, each multiplied by how many hypotheses may still be true once
 * only `left` of them are left to test; never below the one before.
 */
export function steppedDown(pValues: readonly number[], mayBeTrue: (left: number) => number): readonly number[] {
  const ascending = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => 1);
  let floor = 0;
  for (const [rank, index] of ascending.entries()) {
    floor = Math.max(floor, Math.min(1, pValues[index]! * mayBeTrue(pValues.length - rank)));
    adjusted[index] = floor;
  }
  return adjusted;
}
