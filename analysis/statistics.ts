import betainc from '@stdlib/math-base-special-betainc';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { mean, sampleStandardDeviation } from 'simple-statistics';

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
 * Student's t on the logarithms of paired ratios, one ratio for each block. It holds its 95% already at three repeats.
 *
 * `resolution` is the relative error with which each figure was read, 0.001 for a histogram of three digits: equal
 * readings prove only that the ratio is that close to 1. It widens the interval and must be exceeded to count.
 *
 * `undefined` for fewer than two ratios, or for one that has no logarithm.
 */
export function pairedRatio(ratios: readonly number[], resolution = 0): RatioEstimate | undefined {
  const logs = ratios.map(Math.log);
  if (logs.length < 2 || !logs.every(Number.isFinite)) return undefined;
  const degrees = logs.length - 1;
  const center = mean(logs);
  const error = sampleStandardDeviation(logs) / Math.sqrt(logs.length);
  const blur = Math.log1p(resolution);
  const reach = tQuantile(1 - significance / 2, degrees) * error + blur;
  return {
    ratio: Math.exp(center),
    low: Math.exp(center - reach),
    high: Math.exp(center + reach),
    pValue: twoSidedP(Math.max(0, Math.abs(center) - blur), error, degrees),
  };
}

/** P(|T| ≥ t) by the regularised incomplete beta function (Abramowitz and Stegun 26.7.1 and 26.5.27). */
function twoSidedP(distance: number, error: number, degrees: number): number {
  if (distance === 0) return 1;
  if (error === 0) return 0;
  return betainc(degrees / (degrees + (distance / error) ** 2), degrees / 2, 0.5);
}

/** Holm's adjusted p-values (1979), in the order given: significant where at most 0.05, whatever the others are. */
export function holm(pValues: readonly number[]): readonly number[] {
  const ascending = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => 1);
  let floor = 0;
  for (const [rank, index] of ascending.entries()) {
    floor = Math.max(floor, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = floor;
  }
  return adjusted;
}
