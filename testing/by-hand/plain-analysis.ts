import type { Comparison } from '../../analysis/comparison/comparison.ts';
import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { forEachFigure } from '../../analysis/figures/figures.ts';
import type { Question } from '../../analysis/figures/question.ts';
import type { AssessedTrial, FigureValues, TransportAnalysis } from '../../analysis/validity/assessment.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { plainPlan } from './plain-run.ts';
import { plainScenario, plainTrial } from './plain-trial.ts';

/** The figures that are given; all others are undefined. */
export function plainFigures(known: Partial<FigureValues> = {}): FigureValues {
  return forEachFigure((key) => known[key]);
}

/** A valid trial with the given figures, regardless of its record. */
export function plainAssessed(trial: CompletedTrial, figures: Partial<FigureValues> = {}): AssessedTrial {
  return { trial, figures: plainFigures(figures), warnings: [], valid: true };
}

/** Three valid repeats of a transport, all with the same figures, which are their medians too. */
export function plainRow(
  transport: Transport,
  figures: Partial<FigureValues> = {},
  trials: readonly CompletedTrial[] = [0, 1, 2].map((block) => plainTrial({ transport, block })),
): TransportAnalysis {
  const valid = trials.map((trial) => plainAssessed(trial, figures));
  return {
    transport,
    planned: 3,
    completed: valid,
    valid,
    failed: [],
    medians: plainFigures(figures),
    isUnsteady: false,
  };
}

/** The analysis of a scenario over the direct path: `transports` are its rows, judged but without comparisons. */
export function plainAnalysis(
  transports: readonly TransportAnalysis[],
  altered: Partial<ScenarioAnalysis> & { readonly scenario?: Partial<typeof plainScenario> } = {},
): ScenarioAnalysis {
  const { scenario, ...rest } = altered;
  const planned = { ...plainPlan, scenario: { ...plainScenario, ...scenario } };
  const paths = [{ route: 'direct', transports }];
  return {
    planned,
    transports,
    paths,
    place: 'sockets',
    judged: true,
    comparisons: [],
    ranking: rest.comparisons ?? [],
    ...rest,
  };
}

/** A comparison of three blocks with the same ratio. `found`: `[ratio, low, high]`, or one number for all three. */
export function plainComparison(
  question: Question,
  transport: Transport,
  reference: Transport,
  outcome: Comparison['outcome'],
  found: number | readonly [ratio: number, low: number, high: number],
): Comparison {
  const [ratio, low, high] = typeof found === 'number' ? [found, found, found] : found;
  const ratios = [0, 1, 2].map((block) => ({ block, ratio }));
  const pValue = outcome === 'cannot-tell' ? 0.5 : 0.001;
  const adjustedP = outcome === 'too-few' ? undefined : pValue;
  const estimate = { ratio, low, high, pValue };
  return { question, place: 'sockets', transport, reference, ratios, estimate, adjustedP, outcome };
}
