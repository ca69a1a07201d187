import { fcnnlsVector } from 'ml-fcnnls';
import { inverse, Matrix } from 'ml-matrix';
import type { CostModel, Work } from '../../../results/schema/calibration-schema.ts';
import { type CostTerm, costTerms } from '../../../results/schema/cost-terms.ts';
import type { Fitted } from './cost.ts';
import { amountsOf, type Load, type Shape } from './work.ts';

/**
 * What a process was seen to need for its work. Those of one group share processes, so they are not independent; those of
 * one workload are repeats.
 */
export type Observation = {
  readonly group: string;
  readonly workload: string;
  readonly work: Load;
  readonly cpuMsPerSecond: number;
};

/** Seconds: from nothing to the time of a busy turn of an event loop. */
const togetherTried = [0, ...Array.from({ length: 15 }, (_, i) => 20e-6 * 2 ** i)];
const firstReadersTried = [20, 100];
const shapesTried: readonly Shape[] = togetherTried.flatMap((togetherSeconds) =>
  firstReadersTried.map((firstReaders) => ({ togetherSeconds, firstReaders })),
);

/**
 * Fits the cost of serving: non-negative least squares of the relative errors (Lawson and Hanson 1974, chapter 23). τ and κ
 * are those with which whole groups that are left out, one after the other, are predicted best from the rest
 * (cross-validation: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 7.10). The scatter is that of
 * those predictions: so it contains what differs from one set of processes to the next and what the form of the model
 * misses, and not just what differs within a group. With fewer than six groups it is that of single workloads.
 * Throws a RangeError for fewer than three groups, and for work whose costs cannot be told apart.
 */
export function fitCost(observations: readonly Observation[]): CostModel {
  const groups = [...new Set(observations.map(({ group }) => group))];
  if (groups.length < 3) throw new RangeError(`a cost model needs three groups of observations, not ${groups.length}`);
  const isByGroup = groups.length >= fewestGroupsLeftOut;
  const units = observations.map(({ group, workload }) => (isByGroup ? group : workload));
  const { fitted, scatter } = bestFit(observations, units);
  return {
    ...fitted,
    inverseNormal: inverseNormalOf(fitted, observations),
    scatter,
    degrees: Math.max(1, isByGroup ? groups.length - 1 : new Set(units).size - usedTerms(fitted).length),
    largest: largestOf(observations),
  };
}

/** With fewer, what one of them tells is not in the others: to leave it out would ask them for what they cannot know. */
const fewestGroupsLeftOut = 6;

function usedTerms({ coefficients }: Fitted): readonly CostTerm[] {
  return costTerms.filter((term) => coefficients[term] > 0);
}

type Validated = { readonly fitted: Fitted; readonly scatter: number };

/** `units`: what each observation is left out with. */
function bestFit(observations: readonly Observation[], units: readonly string[]): Validated {
  const found = shapesTried.flatMap((shape) => validated(shape, observations, units) ?? []);
  if (found.length === 0) throw new RangeError('the costs of these observations cannot be told apart');
  return found.reduce((best, each) => (each.scatter < best.scatter ? each : best));
}

function validated(
  shape: Shape,
  observations: readonly Observation[],
  units: readonly string[],
): Validated | undefined {
  const rows = observations.map((seen) => relativeRow(seen, shape));
  const values = nonNegative(rows);
  // As many costs as workloads fit anything.
  if (!values || usedOf(values) >= new Set(observations.map(({ workload }) => workload)).size) return undefined;
  const misses: number[] = [];
  for (const unit of new Set(units)) {
    const others = nonNegative(rows.filter((_, place) => units[place] !== unit));
    if (!others) return undefined;
    const left = rows.filter((_, place) => units[place] === unit);
    misses.push(...left.map((row) => Math.log(dot(row, others))));
  }
  const scatter = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
  // Infinite where the others say that one of those left out costs nothing.
  return Number.isFinite(scatter) ? { fitted: { ...shape, coefficients: byTerm(values) }, scatter } : undefined;
}

function usedOf(values: readonly number[]): number {
  return values.filter((value) => value > 0).length;
}

/** What is less of the whole is an error of rounding. */
const leastShare = 1e-9;

/**
 * The coefficients, none negative, with which each row adds up to 1 as nearly as can be; `undefined` if they cannot be
 * found, as where some amounts are in proportion to others.
 */
function nonNegative(rows: readonly (readonly number[])[]): readonly number[] | undefined {
  // Amounts are far from alike: bytes are thousands of times as many as deliveries. The solver wants them so.
  const sizes = costTerms.map((_, column) => Math.hypot(...rows.map((row) => row[column]!)) || 1);
  const scaled = rows.map((row) => row.map((amount, column) => amount / sizes[column]!));
  try {
    const { K } = fcnnlsVector(
      scaled,
      rows.map(() => 1),
    );
    return K.to1DArray().map((value, column) => (value < leastShare ? 0 : value / sizes[column]!));
  } catch (error) {
    // The solver gives up with a plain error of its own.
    if (!/iterations exceeded/.test(String(error))) throw error;
    return undefined;
  }
}

/** The amounts of an observation by its cost, so that each row adds up to 1 if the fit is exact. */
function relativeRow({ work, cpuMsPerSecond }: Observation, shape: Shape): readonly number[] {
  return amountsOf(work, shape).map((amount) => amount / cpuMsPerSecond);
}

function inverseNormalOf({ coefficients, ...shape }: Fitted, observations: readonly Observation[]): number[][] {
  const used = costTerms.map((term) => coefficients[term] > 0);
  const rows = observations.map((seen) => relativeRow(seen, shape).filter((_, place) => used[place]));
  const matrix = new Matrix(rows.map((row) => [...row]));
  return inverse(matrix.transpose().mmul(matrix), true).to2DArray();
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, place) => sum + value * b[place]!, 0);
}

function byTerm(values: readonly number[]): Readonly<Record<CostTerm, number>> {
  return Object.fromEntries(costTerms.map((term, place) => [term, values[place]!])) as Record<CostTerm, number>;
}

function largestOf(observations: readonly Observation[]): Work {
  const largest = (key: keyof Work) => Math.max(...observations.map(({ work }) => work[key]));
  return {
    clients: largest('clients'),
    updatesPerSecond: largest('updatesPerSecond'),
    requestsPerSecond: largest('requestsPerSecond'),
    deliveriesPerSecond: largest('deliveriesPerSecond'),
    bytesPerSecond: largest('bytesPerSecond'),
    publishesPerSecond: largest('publishesPerSecond'),
  };
}
