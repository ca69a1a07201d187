import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial, PlannedScenario, Run } from '../../results/schema/schema.ts';
import { isSameScenario, scenarioAt } from '../../scenarios/point.ts';
import { type BytePlace, placeOf } from '../figures/byte-place.ts';
import { figureOf, forEachFigure } from '../figures/figures.ts';
import { routeNames, routeOf } from '../figures/run-routes.ts';
import type { AssessedScenario, AssessedTrial, PathAnalysis, TransportAnalysis } from '../validity/assessment.ts';
import { isUnsteady } from '../validity/server-pace.ts';
import { stabilityWarnings } from '../validity/stability.ts';
import { runWarnings, trialWarnings } from '../validity/validity.ts';
import { isInvalid, type TrialWarning, type Warning } from '../validity/warning.ts';
import { type Comparison, compareTransports, leastPairs } from './comparison.ts';
import { compareArms, type SelfComparison } from './self-comparison.ts';

export type ScenarioAnalysis = AssessedScenario & {
  /** Over the main path, the one that verdicts are about. */
  readonly transports: readonly TransportAnalysis[];
  /** Where the bytes of its trials were counted, on all paths. */
  readonly place: BytePlace;
  /** Whether enough repeats were planned for verdicts. */
  readonly judged: boolean;
  readonly comparisons: readonly Comparison[];
  /** The same with the plan's first transport as reference: advice rests on these, whatever the reader compares with. */
  readonly ranking: readonly Comparison[];
  /** Only if a transport ran against itself. */
  readonly arms?: SelfComparison;
};

/** The same warning on several trials of a scenario, shown once. */
export type WarningGroup = {
  readonly planned: PlannedScenario;
  /** The warning of the first trial. */
  readonly warning: TrialWarning;
  /** Has the numbers of the first trial, and says so if those of the others differ. */
  readonly text: string;
  readonly trials: readonly CompletedTrial[];
};

export type RunAnalysis = {
  readonly run: Run;
  readonly reference: Transport;
  readonly scenarios: readonly ScenarioAnalysis[];
  readonly warnings: readonly Warning[];
  readonly trialWarnings: readonly WarningGroup[];
};

/**
 * Everything that terminal, page and files show of a run. `reference`: the transport that the others are compared with,
 * by default short polling; if that did not run, the first of the plan.
 */
export function analyseRun(run: Run, options: { readonly reference?: Transport } = {}): RunAnalysis {
  const { transports, scenarios } = run.record.plan;
  const wanted = options.reference ?? 'short-polling';
  const reference = transports.includes(wanted) ? wanted : (transports[0] ?? wanted);
  const analysed = withSteadiness(scenarios.map((planned) => analyseScenario(run, planned, reference)));
  return {
    run,
    reference,
    scenarios: analysed,
    warnings: [...runWarnings(run), ...stabilityWarnings(run, analysed)],
    trialWarnings: analysed.flatMap(groupWarnings),
  };
}

/** Says of every row whether the machine was unsteady, which only all rows together can tell. */
function withSteadiness(scenarios: readonly ScenarioAnalysis[]): readonly ScenarioAnalysis[] {
  const rows = scenarios.flatMap(({ paths }) => paths.flatMap(({ transports }) => transports));
  if (!isUnsteady(rows.map(({ completed }) => completed.map(({ trial }) => trial)))) return scenarios;
  const unsteady = (transports: readonly TransportAnalysis[]) =>
    transports.map((row) => ({ ...row, isUnsteady: true }));
  return scenarios.map((scenario) => ({
    ...scenario,
    transports: unsteady(scenario.transports),
    paths: scenario.paths.map((path) => ({ ...path, transports: unsteady(path.transports) })),
  }));
}

function analyseScenario(run: Run, planned: PlannedScenario, reference: Transport): ScenarioAnalysis {
  const paths = routeNames(run.record).map((route) => analysePath(run, planned, route));
  const rows = paths[0]?.transports ?? [];
  const measured = rows.flatMap(({ valid }) => valid.map(({ trial }) => ({ trial, scenario: planned.scenario })));
  const scenario = {
    planned,
    transports: rows,
    paths,
    place: placeOf(
      paths.flatMap(({ transports }) => transports.flatMap(({ valid }) => valid.map(({ trial }) => trial))),
    ),
    judged: planned.repeats >= leastPairs,
    comparisons: [],
    ranking: [],
    ...(run.record.plan.aa && { arms: compareArms(measured) }),
  };
  const first = rows[0]?.transport ?? reference;
  return { ...comparedWith(scenario, reference), ranking: comparedWith(scenario, first).comparisons };
}

/** The same scenario compared with another reference transport, which gives other pairs and so other verdicts. */
export function comparedWith(scenario: ScenarioAnalysis, reference: Transport): ScenarioAnalysis {
  return { ...scenario, comparisons: comparisonsOver(scenario, scenario.transports, reference) };
}

/** Compares the transports with each other over one path. */
export function comparisonsOver(
  { planned, place }: Pick<ScenarioAnalysis, 'planned' | 'place'>,
  transports: readonly TransportAnalysis[],
  reference: Transport,
): readonly Comparison[] {
  // Short polling at several intervals has no single figure; the section on the cost of freshness shows each interval.
  const comparable = transports.filter(
    ({ transport }) => transport !== 'short-polling' || planned.scenario.pollCohortsMs === undefined,
  );
  const measured = comparable.flatMap(({ valid }) => valid.map(({ trial }) => ({ trial, scenario: planned.scenario })));
  const names = transports.map(({ transport }) => transport);
  return compareTransports(measured, names, reference, place);
}

function analysePath(run: Run, planned: PlannedScenario, route: string): PathAnalysis {
  const { transports } = run.record.plan;
  return { route, transports: transports.map((transport) => analyseTransport(run, planned, transport, route)) };
}

function analyseTransport(run: Run, planned: PlannedScenario, transport: Transport, route: string): TransportAnalysis {
  const trials = run.trials
    .filter((trial) => isSameScenario(trial, scenarioAt(planned)))
    .filter((trial) => trial.transport === transport && routeOf(trial) === route)
    .sort((a, b) => a.block - b.block);
  const completed = trials.flatMap((trial) => (trial.status === 'completed' ? [assess(trial, planned)] : []));
  const valid = completed.filter((trial) => trial.valid);
  return {
    transport,
    planned: planned.repeats * (run.record.plan.aa ? 2 : 1),
    completed,
    valid,
    failed: trials.filter((trial) => trial.status === 'failed'),
    medians: forEachFigure((key) => medianOf(valid.map(({ figures }) => figures[key]))),
    isUnsteady: false,
  };
}

function assess(trial: CompletedTrial, { scenario }: PlannedScenario): AssessedTrial {
  const warnings = trialWarnings(trial);
  return {
    trial,
    figures: forEachFigure((key) => figureOf(key, { trial, scenario })),
    warnings,
    valid: !warnings.some(isInvalid),
  };
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? median(known) : undefined;
}

/** Covers all paths, because a warning about a path also weakens the comparisons with it. */
function groupWarnings({ planned, paths }: ScenarioAnalysis): readonly WarningGroup[] {
  const completed = paths.flatMap(({ transports }) => transports.flatMap((row) => row.completed));
  const found = completed.flatMap(({ trial, warnings }) => warnings.map((warning) => ({ trial, warning })));
  const keyOf = ({ severity, code }: TrialWarning) => `${severity} ${code}`;
  return [...new Set(found.map(({ warning }) => keyOf(warning)))]
    .map((key) => {
      const group = found.filter((each) => keyOf(each.warning) === key);
      const { warning } = group[0]!;
      const alike = group.every((each) => each.warning.text === warning.text);
      const text = alike ? warning.text : `${warning.text} (The others alike.)`;
      return { planned, warning, text, trials: group.map(({ trial }) => trial) };
    })
    .sort((a, b) => Number(isInvalid(b.warning)) - Number(isInvalid(a.warning)));
}
