import { transports as allTransports, type Transport } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { commandOnPath } from '../asked/command.ts';
import { comparisonOf } from '../comparison/comparison.ts';
import type { Outcome } from '../comparison/outcome.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { worstSeenWithinMs } from '../comparison/tolerance.ts';
import { type FigureKey, formatFigure } from '../figures/figures.ts';
import { formatNumber, formatParameter, formatValue } from '../figures/format.ts';
import { titleOf } from '../figures/planned-scenario.ts';
import { questionOf } from '../figures/question.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { type Judgement, type Need, needs, type Test } from './needs.ts';

/** The result of this run's trials for a cell. */
export type Evidence = {
  /** Index of the scenario in the run, and its title with its point. */
  readonly scenario: number;
  readonly title: string;
  /** The figure with its unit, and how it compares. */
  readonly text: string;
  /** Number of valid repeats. */
  readonly repeats: number;
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

/** A transport is good up to the first factor above the least, and works up to the second. */
const highest = { good: 1.25, works: 3 } as const;
/** The same limits for the busy share of a core; the rest of the core is for the application. */
const busiest = { good: 0.25, works: 0.7 } as const;

/**
 * The table of needs × transports. Cells that this run's trials cover are judged by figures: in time or not, share of a
 * core, or factor above the least of the transports; a difference too small to count, or that cannot be told from
 * chance, counts as none. The other cells are reasoned and carry no evidence.
 */
export function decisionTable({ scenarios, run }: Pick<RunAnalysis, 'scenarios' | 'run'>): readonly DecisionRow[] {
  return needs.map((need) => {
    const cells = allTransports.map((transport) => cellOf(need, transport, showing(need, transport, scenarios)));
    const isMeasured = cells.some(({ evidence }) => evidence !== undefined);
    const command = need.measure && !isMeasured ? commandOnPath(run.record, need.measure) : undefined;
    return { topic: need.topic, need: need.need, cells, command };
  });
}

type Shown = { readonly scenario: ScenarioAnalysis; readonly index: number };

/** Of the scenarios that show a need, the first one with the most valid trials. */
function showing({ shownBy }: Need, transport: Transport, scenarios: readonly ScenarioAnalysis[]): Shown | undefined {
  const counts = scenarios.map(({ transports }) => transports.reduce((sum, { valid }) => sum + valid.length, 0));
  return (
    scenarios
      .map((scenario, index) => ({ scenario, index }))
      // With several polling intervals, the figures do not belong to one way to poll.
      .filter(({ scenario }) => !scenario.planned.scenario.pollCohortsMs)
      .filter(({ scenario }) => shownBy?.(scenario.planned.scenario as Scenario, transport))
      .sort((a, b) => counts[b.index]! - counts[a.index]!)[0]
  );
}

function cellOf({ reasoned, test }: Need, transport: Transport, shown: Shown | undefined): Cell {
  const [judgement, reason] = reasoned[transport];
  const row = shown?.scenario.transports.find((each) => each.transport === transport);
  const seen = shown && test && row && row.valid.length > 0 ? see(test, shown.scenario, row, judgement) : undefined;
  if (!shown || !row || !seen) return { transport, judgement, reason, evidence: undefined };
  const title = titleOf(shown.scenario.planned);
  const evidence = { scenario: shown.index, title, text: seen.text, repeats: row.valid.length };
  return { transport, judgement: seen.judgement, reason, evidence };
}

type Seen = { readonly judgement: Judgement; readonly text: string };

function see(test: Test, scenario: ScenarioAnalysis, row: TransportAnalysis, reasoned: Judgement): Seen | undefined {
  if (test.kind === 'in-time') return seeTime(test.toleranceMs, scenario, row, reasoned);
  return test.kind === 'core' ? seeCore(scenario, row) : seeLeast(test.figure, scenario, row);
}

function seeCore({ planned }: ScenarioAnalysis, { medians }: TransportAnalysis): Seen | undefined {
  const msPerSecond = medians['cpu.serving'];
  if (msPerSecond === undefined) return undefined;
  const share = msPerSecond / 1000;
  const clients = formatNumber(planned.scenario.clients);
  return {
    judgement: graded(share, busiest),
    text: `${formatValue(share, 'share', 2)} of a core for ${clients} clients`,
  };
}

function graded(value: number, limits: { readonly good: number; readonly works: number }): Judgement {
  if (value <= limits.good) return 'good';
  return value <= limits.works ? 'works' : 'poor';
}

/**
 * A transport in time is rated no better than it is by reasoning, except that `poor` becomes `works`; a late one is
 * `poor`.
 */
function seeTime(
  toleranceMs: number,
  { planned }: ScenarioAnalysis,
  row: TransportAnalysis,
  reasoned: Judgement,
): Seen | undefined {
  const withinMs = worstSeenWithinMs(row, planned.scenario);
  if (withinMs === undefined) return undefined;
  const { pollIntervalMs } = planned.scenario;
  const polled = row.transport === 'short-polling' ? `, asking every ${formatParameter(pollIntervalMs, 'ms')}` : '';
  const within = `nine of ten within ${formatValue(withinMs, 'ms')}${polled}`;
  return withinMs <= toleranceMs
    ? { judgement: reasoned === 'poor' ? 'works' : reasoned, text: `In time: ${within}` }
    : { judgement: 'poor', text: `Too late: ${within}` };
}

/**
 * A transport that delivers fewer updates, because newer ones replaced them, is not the measure for those that deliver
 * all.
 */
function seeLeast(figure: FigureKey, scenario: ScenarioAnalysis, row: TransportAnalysis): Seen | undefined {
  const value = row.medians[figure];
  const known = scenario.transports.filter(({ medians }) => medians[figure] !== undefined);
  // With a single transport there is no least.
  if (value === undefined || known.length < 2) return undefined;
  const amount = `${formatFigure(figure, value)}${figure === 'bytes.up' ? ' up' : ''} a minute`;
  if (figure !== 'bytes.up' && replacesMany(row)) {
    const share = formatValue(row.medians.conflated!, 'share', 2);
    return { judgement: 'works', text: `${amount}, but ${share} of the updates replaced by newer ones` };
  }
  const comparable = known.filter((each) => figure === 'bytes.up' || !replacesMany(each));
  const least = comparable.reduce((a, b) => (a.medians[figure]! <= b.medians[figure]! ? a : b));
  if (least === row) return { judgement: 'good', text: `${amount}, the least` };
  const outcome = outcomeBetween(figure, scenario, row.transport, least.transport);
  if (outcome === 'equal') return { judgement: 'good', text: `${amount}, equal to the least` };
  if (outcome === 'cannot-tell') return { judgement: 'good', text: `${amount}, not told apart from the least` };
  const factor = value / least.medians[figure]!;
  return { judgement: graded(factor, highest), text: `${amount}, ${factorText(factor)} the least` };
}

/** Whether more than a tenth of the updates were replaced. */
function replacesMany({ medians }: TransportAnalysis): boolean {
  return (medians.conflated ?? 0) > 0.1;
}

function factorText(factor: number): string {
  return Number.isFinite(factor) ? `${formatNumber(factor)} ×` : 'far above';
}

/** How two transports compare in a figure that decides a question; `undefined` for the other figures. */
function outcomeBetween(
  figure: FigureKey,
  { comparisons }: ScenarioAnalysis,
  a: Transport,
  b: Transport,
): Outcome | undefined {
  const question = questionOf(figure);
  return question && comparisonOf(comparisons, question, a, b)?.outcome;
}

/** The rows of the table in which a transport is a good choice. */
export function goodFor(table: readonly DecisionRow[], transport: Transport): readonly DecisionRow[] {
  return table.filter(({ cells }) => cells.some((cell) => cell.transport === transport && cell.judgement === 'good'));
}
