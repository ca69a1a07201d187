import { logAverage } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { isSameScenario, type ScenarioAt, scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import type { BytePlace } from '../figures/byte-place.ts';
import { type FigureName, figureAt } from '../figures/figure-aliases.ts';
import { type FigureKey, figures } from '../figures/figures.ts';
import { plannedLink } from '../figures/planned-scenario.ts';
import { routePhrase } from '../figures/route-phrase.ts';
import { mainRoute, routeNamed } from '../figures/run-routes.ts';
import { holm, type RatioEstimate, significance, unpairedRatio } from '../statistics/statistics.ts';
import type { AssessedTrial, TransportAnalysis } from '../validity/assessment.ts';
import { limits } from '../validity/limits.ts';
import { paceOf } from '../validity/server-pace.ts';
import { isCold } from '../validity/validity.ts';
import type { Warning } from '../validity/warning.ts';
import { leastPairs } from './comparison.ts';
import { leavesOneOut } from './outcome.ts';
import { analyseRun, type RunAnalysis, type ScenarioAnalysis } from './run-analysis.ts';
import { type Difference, parameterDifferences, runDifferences, timeDifferences } from './run-differences.ts';

/** The figures that two runs are compared by: those that people decide on. */
export const comparedFigures: readonly FigureName[] = [
  'latency.p50',
  'latency.p99',
  'bytes',
  'cpu.serving.update',
  'stale',
];

/** Where bytes were counted in both; a run in an isolated network has those at the sockets, too. */
export function placeOfPair({ a, b }: RunPair['scenarios'][number]): BytePlace {
  return a.place === 'wire' && b.place === 'wire' ? 'wire' : 'sockets';
}

/** With fewer valid repeats a run is shown and never judged. */
const leastRepeats = leastPairs;

/**
 * `unresolved`: the interval leaves 1 out, but not clearly enough among so many comparisons. No difference is too small
 * to be reported: what is compared is the same code before and after, and a small but certain growth is a finding.
 */
export type RunOutcome = 'lower' | 'higher' | 'unresolved' | 'cannot-tell' | 'too-few' | 'not-measured';

/** One figure of one transport in two runs. Values are medians of the valid repeats, in the figure's unit. */
export type FigureChange = {
  readonly transport: Transport;
  readonly figure: FigureKey;
  readonly a: number | undefined;
  readonly b: number | undefined;
  /** Number of readings compared; CPU figures of cold trials are left out. */
  readonly repeats: { readonly a: number; readonly b: number };
  /** Whether it is a percentile with fewer than ten updates beyond it in some repeat. */
  readonly weak: boolean;
  /** B divided by A: of the geometric means if there is an interval, otherwise of the medians. */
  readonly ratio: number | undefined;
  /** 95% interval of the ratio and unadjusted p-value; undefined for fewer than three valid repeats of either run. */
  readonly estimate: RatioEstimate | undefined;
};

/** A change with its outcome: whether B is lower or higher than A. `adjustedP` is Holm's over the scenario. */
export type JudgedChange = FigureChange & { readonly adjustedP: number | undefined; readonly outcome: RunOutcome };

type ScenarioHead = ScenarioAt & {
  readonly title: string;
  /** Parameters that differ, including the round-trip time. */
  readonly parameters: readonly Difference[];
  /** Length and number of the trials. */
  readonly times: readonly Difference[];
};

/** `refused`: the parameters differ, and the comparison was not forced. */
export type ScenarioComparison = ScenarioHead &
  ({ readonly status: 'compared'; readonly changes: readonly JudgedChange[] } | { readonly status: 'refused' });

export type RunComparison = {
  readonly machine: readonly Difference[];
  readonly differences: readonly Difference[];
  readonly warnings: { readonly a: readonly Warning[]; readonly b: readonly Warning[] };
  /** Keys, with points, of scenarios that only one run has. */
  readonly onlyIn: { readonly a: readonly string[]; readonly b: readonly string[] };
  readonly scenarios: readonly ScenarioComparison[];
};

/** Two analysed runs and the scenarios and transports that both have. */
export type RunPair = {
  readonly a: RunAnalysis;
  readonly b: RunAnalysis;
  /** In the order of A. */
  readonly scenarios: readonly { readonly a: ScenarioAnalysis; readonly b: ScenarioAnalysis }[];
  readonly transports: readonly Transport[];
};

/** Analyses both runs with the default reference and pairs their scenarios by name and point. */
export function pairRuns(runA: Run, runB: Run): RunPair {
  const [a, b] = [analyseRun(runA), analyseRun(runB)];
  const scenarios = a.scenarios.flatMap((inA) => {
    const inB = b.scenarios.find(({ planned }) => isSameScenario(scenarioAt(planned), scenarioAt(inA.planned)));
    return inB ? [{ a: inA, b: inB }] : [];
  });
  const transports = runA.record.plan.transports.filter((each) => runB.record.plan.transports.includes(each));
  return { a, b, scenarios, transports };
}

/** Compares two runs, B against A. `force`: include scenarios whose parameters differ. */
export function compareRuns(pair: RunPair, { force }: { readonly force: boolean }): RunComparison {
  const { a, b } = pair;
  const { machine, other } = runDifferences(a.run.record, b.run.record);
  const shared = pair.scenarios.map((scenario) => keyOf(scenario.a));
  const alone = ({ scenarios }: RunAnalysis) => scenarios.map(keyOf).filter((key) => !shared.includes(key));
  return {
    machine,
    differences: [...other, ...paceDifference(pair)],
    warnings: { a: a.warnings, b: b.warnings },
    onlyIn: { a: alone(a), b: alone(b) },
    scenarios: pair.scenarios.map((scenario) => compareScenario(scenario, pair, force)),
  };
}

/**
 * The difference in what waking up cost on the server's core: geometric means over every scenario and transport that
 * both runs measured under the same parameters. Empty below `limits.unsteady`, where server CPU can be compared too.
 */
function paceDifference(pair: RunPair): readonly Difference[] {
  const cells = pair.scenarios
    .filter((scenario) => parametersOf(scenario, pair).length === 0)
    .flatMap((scenario) => pair.transports.map((transport) => cellPaces(scenario, transport)))
    .filter((cell) => cell !== undefined);
  if (cells.length === 0) return [];
  const a = logAverage(cells.map((cell) => cell.a));
  const b = logAverage(cells.map((cell) => cell.b));
  if (Math.abs(Math.log(a / b)) <= Math.log1p(limits.unsteady)) return [];
  const what = "a small task on the server's core, of the same work in both";
  return [{ what, a: `${a.toFixed(0)} µs`, b: `${b.toFixed(0)} µs` }];
}

function cellPaces({ a, b }: ScenarioPair, transport: Transport) {
  const paceIn = ({ transports }: ScenarioAnalysis) => {
    const row = transports.find((each) => each.transport === transport);
    return paceOf(row?.completed.map(({ trial }) => trial) ?? []);
  };
  const paces = { a: paceIn(a), b: paceIn(b) };
  return paces.a !== undefined && paces.b !== undefined ? { a: paces.a, b: paces.b } : undefined;
}

type ScenarioPair = RunPair['scenarios'][number];

function compareScenario(scenario: ScenarioPair, pair: RunPair, force: boolean): ScenarioComparison {
  const { a, b } = scenario;
  const head: ScenarioHead = {
    ...scenarioAt(a.planned),
    title: a.planned.scenario.title,
    parameters: parametersOf(scenario, pair),
    times: timeDifferences(a.planned, b.planned),
  };
  if (head.parameters.length > 0 && !force) return { ...head, status: 'refused' };
  const changes = pair.transports.flatMap((transport) =>
    comparedFigures.map((figure) => changeOf(scenario, transport, figureAt(figure, placeOfPair(scenario)))),
  );
  return { ...head, status: 'compared', changes: judged(changes) };
}

/**
 * The parameters that differ. Path, storm and round-trip time matter as much as the scenario's own; the path comes
 * first.
 */
function parametersOf({ a, b }: ScenarioPair, pair: RunPair): readonly Difference[] {
  const [rttA, rttB] = [
    plannedLink(a.planned, pair.a.run.record).rttMs,
    plannedLink(b.planned, pair.b.run.record).rttMs,
  ];
  const rtt = rttA === rttB ? [] : [{ what: 'round-trip time in ms', a: `${rttA}`, b: `${rttB}` }];
  return [
    ...pathDifference(pair),
    ...stormDifference(pair),
    ...clientDifference(pair),
    ...parameterDifferences(a.planned.scenario, b.planned.scenario),
    ...rtt,
  ];
}

/** Compares the main path, which the figures are of, and the user's own proxy or tunnel. */
function pathDifference(pair: RunPair): readonly Difference[] {
  const [a, b] = [pathOf(pair.a.run), pathOf(pair.b.run)];
  return a === b ? [] : [{ what: 'path', a, b }];
}

/** A window in which connections are cut does not measure the same as a calm one. */
function stormDifference({ a, b }: RunPair): readonly Difference[] {
  const [stormA, stormB] = [a, b].map(({ run }) => run.record.plan.storm ?? 'none') as [string, string];
  return stormA === stormB ? [] : [{ what: 'connections cut in the window', a: stormA, b: stormB }];
}

/** What the clients are made of decides how much of a latency is their own work. */
function clientDifference(pair: RunPair): readonly Difference[] {
  const [a, b] = [clientsOf(pair.a.run), clientsOf(pair.b.run)];
  return a === b ? [] : [{ what: 'clients', a, b }];
}

function clientsOf({ trials }: Run): string {
  return [...new Set(trials.map(({ client = 'library' }) => client))].toSorted().join(' and ') || 'none';
}

function pathOf({ record, trials }: Run): string {
  const phrase = routePhrase(routeNamed(record, mainRoute(record)));
  const via = trials.find(({ path }) => path.via !== undefined)?.path.via;
  return via === undefined ? phrase : `${phrase}, through ${via}`;
}

/** One figure of one transport, not judged yet. */
export function changeOf(scenario: ScenarioPair, transport: Transport, figure: FigureKey): FigureChange {
  const [rowA, rowB] = [rowOf(scenario.a, transport), rowOf(scenario.b, transport)];
  const [a, b] = [rowA?.medians[figure], rowB?.medians[figure]];
  const [readA, readB] = [readings(rowA, figure), readings(rowB, figure)];
  const enough = Math.min(readA.length, readB.length) >= leastRepeats;
  const { resolution = 0 } = figures[figure];
  // Both readings have this error.
  const estimate = enough ? unpairedRatio(readA, readB, 2 * resolution) : undefined;
  const ratio = a !== undefined && b !== undefined && a > 0 ? b / a : undefined;
  const repeats = { a: readA.length, b: readB.length };
  const weak = figure === 'latency.p99' && (hasWeakTail(rowA) || hasWeakTail(rowB));
  return { transport, figure, a, b, repeats, weak, ratio: estimate?.ratio ?? ratio, estimate };
}

function hasWeakTail(row: TransportAnalysis | undefined): boolean {
  return row?.valid.some(({ warnings }) => warnings.some(({ code }) => code === 'few-updates')) ?? false;
}

function rowOf({ transports }: ScenarioAnalysis, wanted: Transport): TransportAnalysis | undefined {
  return transports.find(({ transport }) => transport === wanted);
}

/** The valid readings of a figure. CPU time of cold trials contains compiling: it is shown, but not compared. */
function readings(row: TransportAnalysis | undefined, figure: FigureKey): readonly number[] {
  const isUsed = ({ trial }: AssessedTrial) => figures[figure].group !== 'cpu' || !isCold(trial);
  return (row?.valid ?? [])
    .filter(isUsed)
    .map(({ figures: read }) => read[figure])
    .filter((value) => value !== undefined);
}

/**
 * Judges changes as one family, held at 5% by Holm's procedure: of twenty comparisons of the same code one would
 * otherwise differ by chance.
 */
export function judged(changes: readonly FigureChange[]): readonly JudgedChange[] {
  const family = changes.filter(({ estimate }) => estimate !== undefined);
  const adjusted = holm(family.map(({ estimate }) => estimate!.pValue));
  return changes.map((change) => {
    const adjustedP = adjusted[family.indexOf(change)];
    return { ...change, adjustedP, outcome: outcomeOf(change, adjustedP) };
  });
}

function outcomeOf({ a, b, repeats, estimate }: FigureChange, adjustedP: number | undefined): RunOutcome {
  if (a === undefined || b === undefined) return 'not-measured';
  if (Math.min(repeats.a, repeats.b) < leastRepeats) return 'too-few';
  // Enough repeats but no estimate: a reading is zero, which has no ratio.
  if (!estimate || adjustedP === undefined) return 'cannot-tell';
  if (adjustedP > significance) return leavesOneOut(estimate) ? 'unresolved' : 'cannot-tell';
  return estimate.ratio < 1 ? 'lower' : 'higher';
}

function keyOf({ planned }: ScenarioAnalysis): string {
  return scenarioKey(scenarioAt(planned));
}
