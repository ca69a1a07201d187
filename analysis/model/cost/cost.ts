import type { CostModel } from '../../../results/schema/calibration-schema.ts';
import { costTerms } from '../../../results/schema/cost-terms.ts';
import { errorsWithin } from '../../statistics/statistics.ts';
import type { Interval } from './interval.ts';
import { amountsOf, type Load, type Shape } from './work.ts';

export type Fitted = Pick<CostModel, 'coefficients'> & Shape;

/** Milliseconds of CPU time in a second. */
export function costOf({ coefficients, ...shape }: Fitted, work: Load): number {
  return dot(
    amountsOf(work, shape),
    costTerms.map((term) => coefficients[term]),
  );
}

/**
 * The expected cost and where the mean of a series of trials will lie with 95%: by the scatter of groups, and by how far
 * the work is from what was observed (leverage).
 */
export function expectedCost(model: CostModel, work: Load): Interval {
  const value = costOf(model, work);
  const used = costTerms.map((term) => model.coefficients[term] > 0);
  const row = amountsOf(work, model).filter((_, place) => used[place]);
  const leverage = quadratic(
    row.map((amount) => amount / value),
    model.inverseNormal,
  );
  const reach = errorsWithin(model.degrees) * model.scatter * Math.sqrt(1 + leverage);
  return { value, low: value * Math.exp(-reach), high: value * Math.exp(reach) };
}

/**
 * Milliseconds of CPU time that a delivery of so many bytes takes at this work, on average. `asked`: whether each needs
 * a request, whose cost then belongs to it.
 */
export function sendMs(
  model: Fitted,
  work: Load,
  { bytes, asked }: { readonly bytes: number; readonly asked: boolean },
): number {
  const { deliveriesPerSecond, bytesPerSecond, requestsPerSecond } = work;
  if (deliveriesPerSecond === 0) return 0;
  const without = {
    ...work,
    deliveriesPerSecond: 0,
    bytesPerSecond: Math.max(0, bytesPerSecond - deliveriesPerSecond * bytes),
    requestsPerSecond: asked ? Math.max(0, requestsPerSecond - deliveriesPerSecond) : requestsPerSecond,
  };
  return (costOf(model, work) - costOf(model, without)) / deliveriesPerSecond;
}

function quadratic(row: readonly number[], matrix: CostModel['inverseNormal']): number {
  return row.reduce((sum, a, i) => sum + a * dot(matrix[i]!, row), 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, place) => sum + value * b[place]!, 0);
}
