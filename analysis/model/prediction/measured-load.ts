import { median } from 'simple-statistics';
import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { atRate, ratePerSecond } from '../../../scenarios/scenario.ts';
import { type Measured, seconds, sum } from '../../figures/figure.ts';
import type { FigureValues } from '../../validity/assessment.ts';
import { connectedBytes, paceTogether } from '../cost/calibration-of-run.ts';
import { progressOf } from '../traffic/trial-numbers.ts';
import { predictOne } from './predict.ts';
import type { Question } from './question.ts';
import { type Residual, residualsOf } from './residual.ts';

/**
 * The question that trials of it have answered: with as many updates as there were, which is chance, with their numbers as
 * far as they had come, with one worker of a proxy, and at the pace that the machine had. So what a prediction misses is
 * neither what the trials drew nor how busy the host was.
 */
export function asMeasured(question: Question, measured: readonly Measured[]): Question {
  const { scenario } = question;
  const { arrivals, channels } = scenario;
  const accepted = sum(measured.map(({ trial }) => trial.updates.accepted));
  const perSecond = accepted / channels / sum(measured.map(({ trial }) => seconds(trial)));
  const taskCpuUs = paceTogether(measured);
  const isDrawn = arrivals.kind !== 'trace' && ratePerSecond(arrivals) > 0 && accepted > 0;
  return {
    ...question,
    scenario: isDrawn ? { ...scenario, arrivals: atRate(arrivals, perSecond) } : scenario,
    proxyWorkers: 1,
    ...(taskCpuUs !== undefined && { taskCpuUs }),
    progress: progressOf(measured),
  };
}

/** Trials of one load over one transport, and their figures together. */
export type Repeats = {
  readonly transport: Transport;
  readonly measured: readonly Measured[];
  readonly figures: Partial<FigureValues>;
};

/** The model beside what trials measured; empty without trials, and for a transport that was not calibrated. */
export function residualsOfTrials(
  question: Question,
  path: PathCalibration,
  { transport, measured, figures }: Repeats,
): readonly Residual[] {
  if (measured.length === 0) return [];
  const prediction = predictOne(transport, asMeasured(question, measured), path);
  if (!prediction) return [];
  const memory = median(measured.map(({ trial }) => connectedBytes(trial, 'server')));
  return residualsOf(prediction, { ...figures, memory }, question.scenario.clients);
}
