import { transports as allTransports, type Transport } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { commandOnPath } from '../asked/command.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { titleOf } from '../figures/planned-scenario.ts';
import { routeNamed } from '../figures/run-routes.ts';
import type { Judgement } from './grades.ts';
import { see } from './measured-cell.ts';
import { type Need, needs } from './needs.ts';

/** The result of this run's trials for a cell. */
export type Evidence = {
  /** Index of the scenario in the run, and its title with its point. */
  readonly scenario: number;
  readonly title: string;
  /** The figure with its unit, and how it compares. */
  readonly text: string;
  /** Number of valid repeats. */
  readonly repeats: number;
  /** Whether another run may be judged differently, which the text says. */
  readonly isAtLimit: boolean;
};

/** One transport for one need. Without evidence the judgement is reasoned from how the transport works. */
export type Cell = {
  readonly transport: Transport;
  readonly judgement: Judgement;
  readonly reason: string;
  readonly evidence: Evidence | undefined;
};

export type DecisionRow = {
  readonly topic: string;
  readonly need: string;
  readonly cells: readonly Cell[];
  /** The command that would measure the row; `undefined` if this run measured it or if it cannot be measured. */
  readonly command: string | undefined;
};

type Analysed = Pick<RunAnalysis, 'scenarios' | 'run'>;

/**
 * The table of needs × transports. Cells that this run's trials cover are judged by figures: in time or not, share of a
 * core, or factor above the least of the transports. No judgement depends on a p-value, and a cell whose value may as
 * well lie on the other side of a limit says so. The other cells are reasoned and carry no evidence.
 */
export function decisionTable(analysed: Analysed): readonly DecisionRow[] {
  return needs.map((need) => {
    const cells = allTransports.map((transport) => cellOf(need, transport, analysed));
    const isMeasured = cells.some(({ evidence }) => evidence !== undefined);
    const command = need.measure && !isMeasured ? commandOnPath(analysed.run.record, need.measure) : undefined;
    return { topic: need.topic, need: need.need, cells, command };
  });
}

type Place = { readonly scenario: ScenarioAnalysis; readonly index: number };

/** Of the scenarios that show a need, the first one with the most valid trials. */
function showing(need: Need, transport: Transport, { scenarios, run }: Analysed): Place | undefined {
  const counts = scenarios.map(({ transports }) => transports.reduce((sum, { valid }) => sum + valid.length, 0));
  return (
    scenarios
      .map((scenario, index) => ({ scenario, index }))
      // With several polling intervals, the figures do not belong to one way to poll.
      .filter(({ scenario }) => !scenario.planned.scenario.pollCohortsMs)
      .filter(({ scenario }) => isShownBy(need, transport, scenario, run))
      .sort((a, b) => counts[b.index]! - counts[a.index]!)[0]
  );
}

/** Behind a proxy, trials that failed or are not valid say something too: how they failed. */
function isShownBy({ shownBy, test }: Need, transport: Transport, scenario: ScenarioAnalysis, run: Run): boolean {
  if (test?.kind !== 'proxy') return shownBy?.(scenario.planned.scenario as Scenario, transport) ?? false;
  return scenario.paths.some(({ route }) => routeNamed(run.record, route)?.proxy?.mistake === test.mistake);
}

function cellOf(need: Need, transport: Transport, analysed: Analysed): Cell {
  const [judgement, reason] = need.reasoned[transport];
  const place = showing(need, transport, analysed);
  const row = place?.scenario.transports.find((each) => each.transport === transport);
  const isMeasured = row && (row.valid.length > 0 || need.test?.kind === 'proxy');
  const seen =
    place && need.test && isMeasured
      ? see(need.test, { run: analysed.run, scenario: place.scenario, row, reasoned: judgement })
      : undefined;
  if (!place || !row || !seen) return { transport, judgement, reason, evidence: undefined };
  const title = titleOf(place.scenario.planned);
  const repeats = seen.repeats ?? row.valid.length;
  const evidence = { scenario: place.index, title, text: seen.text, repeats, isAtLimit: seen.isAtLimit };
  return { transport, judgement: seen.judgement, reason, evidence };
}

/** The rows of the table in which a transport is a good choice. */
export function goodFor(table: readonly DecisionRow[], transport: Transport): readonly DecisionRow[] {
  return table.filter(({ cells }) => cells.some((cell) => cell.transport === transport && cell.judgement === 'good'));
}
