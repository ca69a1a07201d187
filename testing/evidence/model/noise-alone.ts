import { workOf } from '../../../analysis/model/cost/calibration-of-run.ts';
import { costOf } from '../../../analysis/model/cost/cost.ts';
import { timesOfPace } from '../../../analysis/model/cost/pace.ts';
import { taskCpuUs } from '../../../analysis/validity/server-pace.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import type { Random } from '../../../scenarios/random.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';

/** Costs that are taken as the truth, and how far a trial lies from it: the standard deviation of its logarithm. */
export type NoisyTruth = { readonly path: PathCalibration; readonly scatter: number; readonly random: Random };

/** The trial as if its server had taken what the costs say, but for noise: what no model could predict. */
export function withNoiseAlone(
  trial: CompletedTrial,
  scenario: Scenario,
  { path, scatter, random }: NoisyTruth,
): CompletedTrial {
  const { server } = path.transports[trial.transport]!;
  const perSecond = costOf(server, workOf({ trial, scenario })) * timesOfPace(taskCpuUs(trial), path.taskCpuUs);
  const cpuWindowMs = perSecond * (trial.window.durationMs / 1000) * Math.exp(scatter * normal(random));
  return {
    ...trial,
    processes: trial.processes.map((each) => (each.role === 'server' ? { ...each, cpuWindowMs } : each)),
  };
}

/** By the method of Box and Muller, 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}
