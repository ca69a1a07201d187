import { mean, sampleStandardDeviation } from 'simple-statistics';
import { twoSidedP } from './statistics.ts';

export type Outlier = {
  readonly index: number;
  /** The value divided by the geometric mean of the others. */
  readonly factor: number;
  /** The probability that the farthest of that many values lies this far from the others by chance (Bonferroni). */
  readonly pValue: number;
};

/** With fewer values, the scatter of the others is hardly known. */
export const leastForOutlier = 4;

/**
 * Grubbs's test (1950, https://doi.org/10.1214/aoms/1177729885) on the logarithms, as the t statistic of one value
 * against the others: which value lies farthest, and whether chance explains it. `undefined` for fewer than four
 * values, or if a value has no logarithm.
 */
export function farthest(values: readonly number[]): Outlier | undefined {
  const logs = values.map(Math.log);
  if (logs.length < leastForOutlier || !logs.every(Number.isFinite)) return undefined;
  const center = mean(logs);
  const index = logs.reduce((far, log, i) => (Math.abs(log - center) > Math.abs(logs[far]! - center) ? i : far), 0);
  const others = logs.filter((_, i) => i !== index);
  const distance = logs[index]! - mean(others);
  const error = sampleStandardDeviation(others) * Math.sqrt(1 + 1 / others.length);
  const pValue = Math.min(1, values.length * twoSidedP(distance, error, others.length - 1));
  return { index, factor: Math.exp(distance), pValue };
}
