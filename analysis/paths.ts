import type { PlannedScenario, RouteRecord } from '../results/schema.ts';
import { type Comparison, leastPairs, outcomeOf, pairedByBlock } from './comparison.ts';
import { type PathAnswer, type PathQuestion, pathAnswers, pathQuestions } from './path-answer.ts';
import { routeNamed } from './routes.ts';
import type { PathAnalysis, RunAnalysis, ScenarioAnalysis, TransportAnalysis } from './run-analysis.ts';
import { holm } from './statistics.ts';

/** A transport over one path, divided by the same transport over the main path of the same block. */
export type PathChange = Pick<Comparison, 'ratios' | 'estimate' | 'adjustedP' | 'outcome'>;

export type PathCell = {
  readonly row: TransportAnalysis;
  /** Absent on the main path, which is what the others are compared with. */
  readonly changes?: Readonly<Record<PathQuestion, PathChange>>;
};

export type PathLine = {
  readonly route: string;
  /** Absent: nothing lies between. */
  readonly record: RouteRecord | undefined;
  readonly cells: readonly PathCell[];
};

/** The paths of one scenario side by side. */
export type PathTable = {
  readonly planned: PlannedScenario;
  /** The main path first. */
  readonly lines: readonly PathLine[];
  /** For each question, whether the order of the transports stays the same. */
  readonly answers: readonly PathAnswer[];
};

/** A table for each scenario that was measured over several paths; none where the run has only one. */
export function pathTables(analysis: RunAnalysis): readonly PathTable[] {
  return analysis.scenarios.flatMap((scenario) => pathTableOf(scenario, analysis) ?? []);
}

/** The one of a scenario; `undefined` where there is only one path. */
export function pathTableOf(scenario: ScenarioAnalysis, analysis: RunAnalysis): PathTable | undefined {
  const { planned, paths } = scenario;
  if (paths.length < 2) return undefined;
  const lines = paths.map((path) => lineOf(path, scenario, analysis));
  return { planned, lines, answers: pathAnswers(scenario, analysis.reference) };
}

function lineOf(path: PathAnalysis, scenario: ScenarioAnalysis, { run }: RunAnalysis): PathLine {
  const record = routeNamed(run.record, path.route);
  const [main] = scenario.paths;
  if (path === main || !main) return { route: path.route, record, cells: path.transports.map((row) => ({ row })) };
  return { route: path.route, record, cells: comparedCells(path, main, scenario) };
}

type Unjudged = Pick<Comparison, 'ratios' | 'estimate'>;

/**
 * One path is one family, held at 5% by Holm's procedure: its transports times the three questions. Paths are asked one
 * by one, since a reader wants to know what his own does, however many others were measured beside it.
 */
function comparedCells(path: PathAnalysis, main: PathAnalysis, { planned }: ScenarioAnalysis): readonly PathCell[] {
  const asked = path.transports.flatMap((row, place) =>
    pathQuestions.map((question) => ({ row, question, ...overMain(row, main.transports[place], planned, question) })),
  );
  const family = asked.filter(({ ratios, estimate }) => estimate && ratios.length >= leastPairs);
  const adjusted = holm(family.map(({ estimate }) => estimate!.pValue));
  const changeOf = (row: TransportAnalysis, wanted: PathQuestion): PathChange => {
    const found = asked.find((each) => each.row === row && each.question === wanted)!;
    const adjustedP = adjusted[family.indexOf(found)];
    const { ratios, estimate } = found;
    return { ratios, estimate, adjustedP, outcome: outcomeOf({ estimate }, adjustedP) };
  };
  return path.transports.map((row) => ({
    row,
    changes: {
      freshness: changeOf(row, 'freshness'),
      bytes: changeOf(row, 'bytes'),
      'server-cpu': changeOf(row, 'server-cpu'),
    },
  }));
}

function overMain(
  row: TransportAnalysis,
  main: TransportAnalysis | undefined,
  { scenario }: PlannedScenario,
  question: PathQuestion,
): Unjudged {
  const measured = ({ valid }: TransportAnalysis) => valid.map(({ trial }) => ({ trial, scenario }));
  return main ? pairedByBlock(measured(row), measured(main), question) : { ratios: [], estimate: undefined };
}

/** Whether a transport speaks an older HTTP than its path: WebSocket begins with HTTP/1.1's upgrade (RFC 6455, 1.3). */
export function staysOnHttp1({ row }: PathCell, { record }: PathLine): boolean {
  return record?.http === 2 && row.transport === 'websocket';
}
