import { atRate, ratePerSecond } from '../../../scenarios/scenario.ts';
import { type Measured, seconds, sum } from '../../figures/figure.ts';
import { progressOf } from '../traffic/trial-numbers.ts';
import type { Question } from './predict.ts';

/**
 * The question that trials of it have answered: with as many updates as there were, which is chance, and with their
 * numbers as far as they had come. So what a prediction misses is not what the trials drew.
 */
export function asMeasured(question: Question, measured: readonly Measured[]): Question {
  const { scenario } = question;
  const { arrivals, channels } = scenario;
  const accepted = sum(measured.map(({ trial }) => trial.updates.accepted));
  const perSecond = accepted / channels / sum(measured.map(({ trial }) => seconds(trial)));
  const isDrawn = arrivals.kind !== 'trace' && ratePerSecond(arrivals) > 0 && accepted > 0;
  return {
    ...question,
    scenario: isDrawn ? { ...scenario, arrivals: atRate(arrivals, perSecond) } : scenario,
    progress: progressOf(measured),
  };
}
