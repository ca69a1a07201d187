import { transportTitles } from '../../protocol/transport.ts';
import type { CompletedTrial, Run } from '../../results/schema/schema.ts';
import { type FigureKey, figures } from '../figures/figures.ts';
import { formatNumber } from '../figures/format.ts';
import { titleOf } from '../figures/planned-scenario.ts';
import { questionNames, questions } from '../figures/question.ts';
import { farthest } from '../statistics/outlier.ts';
import { holm, significance } from '../statistics/statistics.ts';
import { trendOf } from '../statistics/trend.ts';
import type { AssessedScenario } from './assessment.ts';
import { limits } from './limits.ts';
import { paceScatter } from './server-pace.ts';
import { caution, type StabilityWarningCode, type Warning } from './warning.ts';

type StabilityWarning = Warning<StabilityWarningCode>;

/** A pattern that may be chance, and the warning if it is not. */
type Suspicion = { readonly pValue: number; readonly factor: number; readonly say: () => StabilityWarning };

/**
 * Warns about the machine from the repeats of a run: figures that drift in one direction, and single repeats far from
 * the others. Nothing is removed. Each kind of warning is one family, held at 5% by Holm's procedure; effects smaller
 * than `limits` are not reported.
 */
export function stabilityWarnings(
  { trials }: Run,
  scenarios: readonly AssessedScenario[],
): readonly StabilityWarning[] {
  const completed = trials.filter((trial) => trial.status === 'completed');
  return [
    ...confirmed([...scenarios.flatMap(drifts), ...speedDrift(completed)], limits.drift),
    ...confirmed(scenarios.flatMap(outliers), limits.outlier),
    ...unsteadiness(scenarios),
  ];
}

/** Needs no test: the task does the same work each time, so all of its scatter comes from the machine. */
function unsteadiness(scenarios: readonly AssessedScenario[]): readonly StabilityWarning[] {
  const rows = scenarios.flatMap(({ paths }) => paths.flatMap(({ transports }) => transports));
  const scatter = paceScatter(rows.map(({ completed }) => completed.map(({ trial }) => trial)));
  if (scatter === undefined || scatter <= limits.unsteady) return [];
  const text =
    `The same small task on the server's core differed by ${percent(1 + scatter)} from repeat to repeat (standard deviation), so ` +
    'server CPU scatters too. Compare transports within this run by their ratios, and do not take its milliseconds for a constant.';
  return [caution('unsteady', text)];
}

function confirmed(suspicions: readonly Suspicion[], least: number): readonly StabilityWarning[] {
  const adjusted = holm(suspicions.map(({ pValue }) => pValue));
  return suspicions
    .filter(({ factor }, index) => adjusted[index]! <= significance && sizeOf(factor) >= least)
    .map(({ say }) => say());
}

/** The size of a change: 0.25 for both 1.25 and 0.8, which are the same step in opposite directions. */
function sizeOf(factor: number): number {
  return Math.max(factor, 1 / factor) - 1;
}

/**
 * Only figures that depend on the machine. Bytes follow the seeded arrivals, which all transports of a block share: a
 * trend over three blocks would mean nothing there.
 */
const driftingFigures: readonly FigureKey[] = [questions.freshness.figure, questions['server-cpu'].figure];

/** Covers all paths: each transport on each path is a series of its own. */
function drifts({ planned, paths }: AssessedScenario): readonly Suspicion[] {
  const rows = paths.flatMap(({ transports }) => transports);
  return driftingFigures.flatMap((key) => {
    const trend = trendOf(rows.map(({ valid }) => valid.flatMap((trial) => trial.figures[key] ?? [])));
    if (!trend) return [];
    const what = `${titleOf(planned)}: ${lowerFirst(figures[key].title)}`;
    return [{ ...trend, say: () => caution('drift', `${what} ${wayOf(trend.factor)} ${remedy}`) }];
  });
}

const remedy = 'Pairs within a block stay comparable; for absolute figures run it again when the machine is at rest.';

/** The same piece of work before and after each window: only the machine can change its duration. */
function speedDrift(trials: readonly CompletedTrial[]): readonly Suspicion[] {
  const spins = trials.flatMap(({ noise }) => noise?.spins ?? []);
  const cores = [...new Set(spins.map(({ core }) => core))];
  const trend = trendOf(
    cores.map((core) => spins.filter((spin) => spin.core === core).map(({ fastestUs }) => fastestUs)),
  );
  if (!trend) return [];
  return [
    { ...trend, say: () => caution('drift', `The time that the same work takes ${wayOf(trend.factor)} ${remedy}`) },
  ];
}

function wayOf(factor: number): string {
  return `${factor > 1 ? 'rose' : 'fell'} by ${percent(factor)} over the run, more than chance explains.`;
}

function outliers({ planned, paths }: AssessedScenario): readonly Suspicion[] {
  const rows = paths.flatMap(({ route, transports }) => transports.map((row) => ({ ...row, route })));
  const keys = questionNames.map((name) => questions[name].figure);
  return keys.flatMap((key) =>
    rows.flatMap(({ transport, valid, route }) => {
      const repeats = valid.filter((trial) => trial.figures[key] !== undefined);
      const far = farthest(repeats.map((trial) => trial.figures[key]!));
      if (!far) return [];
      const { block } = repeats[far.index]!.trial;
      const where = paths.length > 1 ? `${transportTitles[transport]} on ${route}` : transportTitles[transport];
      const text =
        `${titleOf(planned)}, ${where}: ${lowerFirst(figures[key].title)} of block ${block} ` +
        `is ${percent(far.factor)} ${far.factor > 1 ? 'above' : 'below'} the other repeats. It counts like them. ` +
        'Look at the noise of that trial, or repeat more often (--repeats).';
      return [{ ...far, say: () => caution('outlier', text) }];
    }),
  );
}

function percent(factor: number): string {
  return `${formatNumber(Math.abs(factor - 1) * 100, 2)}%`;
}

function lowerFirst(title: string): string {
  return title[0]!.toLowerCase() + title.slice(1);
}
