import type { PlannedScenario, RouteRecord } from '../../results/schema/schema.ts';
import { type Comparison, leastPairs, pairedByBlock } from '../comparison/comparison.ts';
import { outcomeOf } from '../comparison/outcome.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { type DeclaredQuestion, declaredQuestions } from '../figures/question.ts';
import { routeNamed } from '../figures/run-routes.ts';
import { holm } from '../statistics/statistics.ts';
import type { PathAnalysis, TransportAnalysis } from '../validity/assessment.ts';
import { type PathAnswer, pathAnswers } from './path-answer.ts';
import { type PathPartner, partnerOf } from './path-partner.ts';

/** A transport over one path, divided by the same transport over the partner of that path, in the same block. */
export type PathChange = Pick<Comparison, 'ratios' | 'estimate' | 'adjustedP' | 'outcome'>;

export type PathCell = {
  readonly row: TransportAnalysis;
  /** Absent on the main path, which has no partner. */
  readonly changes?: Readonly<Record<DeclaredQuestion, PathChange>>;
};

export type PathLine = {
  readonly route: string;
  /** Undefined for the direct path. */
  readonly record: RouteRecord | undefined;
  /** The path that the changes of its cells are relative to; undefined on the main path. */
  readonly partner: PathPartner | undefined;
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

/** The table of one scenario; `undefined` if there is only one path. */
export function pathTableOf(scenario: ScenarioAnalysis, analysis: RunAnalysis): PathTable | undefined {
  const { planned, paths } = scenario;
  if (paths.length < 2) return undefined;
  const lines = paths.map((path) => lineOf(path, scenario, analysis));
  return { planned, lines, answers: pathAnswers(scenario, analysis.reference) };
}

function lineOf(path: PathAnalysis, scenario: ScenarioAnalysis, { run }: RunAnalysis): PathLine {
  const { route } = path;
  const partner = partnerOf(route, run.record.plan.routes ?? []);
  const other = scenario.paths.find((each) => each.route === partner?.route);
  const cells = other ? comparedCells(path, other, scenario) : path.transports.map((row) => ({ row }));
  return { route, record: routeNamed(run.record, route), partner, cells };
}

/** A path that changes nothing by more than this is the same: what it costs is asked, not which to choose. */
const negligible = 0.01;

type Unjudged = Pick<Comparison, 'ratios' | 'estimate'>;

/**
 * One path is one family, held at 5% by Holm's procedure: its transports times the three questions. Each path is its
 * own family, because a reader asks about one path, however many others were measured.
 */
function comparedCells(path: PathAnalysis, partner: PathAnalysis, { planned }: ScenarioAnalysis): readonly PathCell[] {
  const asked = path.transports.flatMap((row, place) =>
    declaredQuestions.map((question) => ({
      row,
      question,
      ...ratiosTo(partner.transports[place], row, planned, question),
    })),
  );
  const family = asked.filter(({ ratios, estimate }) => estimate && ratios.length >= leastPairs);
  const adjusted = holm(family.map(({ estimate }) => estimate!.pValue));
  const changeOf = (row: TransportAnalysis, wanted: DeclaredQuestion): PathChange => {
    const found = asked.find((each) => each.row === row && each.question === wanted)!;
    const adjustedP = adjusted[family.indexOf(found)];
    const { ratios, estimate } = found;
    return { ratios, estimate, adjustedP, outcome: outcomeOf({ estimate }, adjustedP, negligible) };
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

function ratiosTo(
  partner: TransportAnalysis | undefined,
  row: TransportAnalysis,
  { scenario }: PlannedScenario,
  question: DeclaredQuestion,
): Unjudged {
  const measured = ({ valid }: TransportAnalysis) => valid.map(({ trial }) => ({ trial, scenario }));
  return partner ? pairedByBlock(measured(row), measured(partner), question) : { ratios: [], estimate: undefined };
}

/** Whether a transport uses an older HTTP than its path: WebSocket begins with an HTTP/1.1 upgrade (RFC 6455, 1.3). */
export function staysOnHttp1({ row }: PathCell, { record }: PathLine): boolean {
  return record?.http === 2 && row.transport === 'websocket';
}
