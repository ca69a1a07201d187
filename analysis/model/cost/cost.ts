import type { CostModel, Work } from '../../../results/schema/calibration-schema.ts';
import { costTerms } from '../../../results/schema/cost-terms.ts';
import { errorsWithin } from '../../statistics/statistics.ts';
import type { Interval } from './interval.ts';
import { amountsOf } from './work.ts';

export type Fitted = Pick<CostModel, 'coefficients' | 'togetherSeconds'>;

/** Milliseconds of CPU time in a second. */
export function costOf({ coefficients, togetherSeconds }: Fitted, work: Work): number {
  return dot(
    amountsOf(work, togetherSeconds),
    costTerms.map((term) => coefficients[term]),
  );
}

/**
 * The expected cost and where the mean of a series of trials will lie with 95%: by the scatter of groups, and by how far
 * the work is from what was observed (leverage).
 */
export function expectedCost(model: CostModel, work: Work): Interval {
  const value = costOf(model, work);
  const used = costTerms.map((term) => model.coefficients[term] > 0);
  const row = amountsOf(work, model.togetherSeconds).filter((_, place) => used[place]);
  const leverage = quadratic(
    row.map((amount) => amount / value),
    model.inverseNormal,
  );
  const reach = errorsWithin(model.degrees) * model.scatter * Math.sqrt(1 + leverage);
  return { value, low: value * Math.exp(-reach), high: value * Math.exp(reach) };
}

/**
 * Milliseconds of CPU time that one more delivery of so many bytes takes, at this work. `asked`: whether each needs a
 * request, whose cost then belongs to it.
 */
export function sendMs(
  model: Fitted,
  work: Work,
  { bytes, asked }: { readonly bytes: number; readonly asked: boolean },
): number {
  const more = {
    ...work,
    deliveriesPerSecond: work.deliveriesPerSecond + 1,
    bytesPerSecond: work.bytesPerSecond + bytes,
    requestsPerSecond: work.requestsPerSecond + (asked ? 1 : 0),
  };
  return costOf(model, more) - costOf(model, work);
}

function quadratic(row: readonly number[], matrix: CostModel['inverseNormal']): number {
  return row.reduce((sum, a, i) => sum + a * dot(matrix[i]!, row), 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, place) => sum + value * b[place]!, 0);
}
