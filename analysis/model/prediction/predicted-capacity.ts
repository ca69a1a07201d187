import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CapacityPlan } from '../../../results/schema/capacity-schema.ts';
import { atRate } from '../../../scenarios/scenario.ts';
import type { Interval } from '../cost/interval.ts';
import { type Prediction, predictOne } from './predict.ts';
import type { Question } from './question.ts';

const [least, most] = [1e-3, 1e8];
const halvings = 44;
/** From here on an objective is about the slowest deliveries. */
const highQuantile = 0.95;

/**
 * The load at which the model has the core of a single server full, or its quota used up, with the ends of its interval; 0
 * where even the least load is not within the objective. `undefined` if the calibration does not have the transport.
 */
export function predictedCapacity(
  transport: Transport,
  question: Question,
  path: PathCalibration,
  plan: Pick<CapacityPlan, 'over' | 'objective' | 'least' | 'serverCpus'>,
): Interval | undefined {
  const at = (load: number) => predictOne(transport, questionAt(question, plan.over, load), path);
  const slightly = at(plan.least);
  if (!slightly) return undefined;
  const cpus = Math.min(1, plan.serverCpus ?? 1);
  if (!isWithin(slightly, plan.objective)) return { value: 0, low: 0, high: 0 };
  const largest = (end: keyof Interval) =>
    largestLoad((load) => {
      const { overload, serverCores } = at(load)!;
      // Whether the core is full depends on the end of the interval; all else that is full does not.
      return (overload === undefined || overload === 'node-core') && serverCores[end] <= cpus;
    });
  return { value: largest('value'), low: largest('high'), high: largest('low') };
}

function questionAt(question: Question, over: CapacityPlan['over'], load: number): Question {
  const { scenario } = question;
  const raised = over === 'clients' ? { clients: load } : { arrivals: atRate(scenario.arrivals, load) };
  return { ...question, nodes: 1, scenario: { ...scenario, ...raised } };
}

/** The model tells no percentile beyond p95; one that is higher is not sooner. */
function isWithin({ latency: { p50, p95 } }: Prediction, { quantile, limitMs }: CapacityPlan['objective']): boolean {
  return (quantile >= highQuantile ? p95 : p50).value < limitMs;
}

/** By halves of the logarithm. */
function largestLoad(isCarried: (load: number) => boolean): number {
  let [low, high] = [Math.log(least), Math.log(most)];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (isCarried(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}
