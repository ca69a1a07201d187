import { transports as allTransports, type Transport } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { commandOnPath } from '../command.ts';
import { comparisonOf } from '../comparison/comparison.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { worstSeenWithinMs } from '../comparison/tolerance.ts';
import { type FigureKey, formatFigure } from '../figures/figures.ts';
import { formatNumber, formatParameter, formatValue } from '../figures/format.ts';
import { questionOf } from '../figures/question.ts';
import { titleOf } from '../figures/scenario-title.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { type Judgement, type Need, needs, type Test } from './needs.ts';

/** What a trial of this run says about a cell. */
export type Evidence = {
  /** Place of the scenario in the run, and its title with its point. */
  readonly scenario: number;
  readonly title: string;
  /** The figure with its unit, and how it stands. */
  readonly text: string;
  /** Valid repeats behind it. */
  readonly repeats: number;
};

/** One transport under one need. Without evidence it is reasoning: it follows from how the transport works. */
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
  /** Measures the row where no trial of this run does; `undefined` where one does or none can. */
  readonly command: string | undefined;
};

/** Up to this factor above the least a transport serves as well, up to the other it works. */
const highest = { good: 1.25, works: 3 } as const;
/** The same for the share of a core that the server is busy: the rest is for what the application does. */
const busiest = { good: 0.25, works: 0.7 } as const;

/**
 * Needs × transports. What a trial of this run covers is judged by its figures: in time or not, how much of a core, or
 * how far above the least of the four; a difference that the data cannot tell is none. The rest is reasoning and
 * carries no evidence.
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

/** Of the scenarios that show a need, the first with the most valid trials. */
function showing({ shownBy }: Need, transport: Transport, scenarios: readonly ScenarioAnalysis[]): Shown | undefined {
  const counts = scenarios.map(({ transports }) => transports.reduce((sum, { valid }) => sum + valid.length, 0));
  return (
    scenarios
      .map((scenario, index) => ({ scenario, index }))
      // Where clients poll at different intervals no figure is that of one way to poll.
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

/** Being in time makes no poor choice of anyone, and being late no good one. */
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

/** Who brings fewer updates, because newer ones replaced them, is no measure for those who bring all. */
function seeLeast(figure: FigureKey, scenario: ScenarioAnalysis, row: TransportAnalysis): Seen | undefined {
  const value = row.medians[figure];
  const known = scenario.transports.filter(({ medians }) => medians[figure] !== undefined);
  // The least of one alone says nothing.
  if (value === undefined || known.length < 2) return undefined;
  const amount = `${formatFigure(figure, value)}${figure === 'bytes.up' ? ' up' : ''} a minute`;
  if (figure !== 'bytes.up' && replacesMany(row)) {
    const share = formatValue(row.medians.conflated!, 'share', 2);
    return { judgement: 'works', text: `${amount}, but ${share} of the updates replaced by newer ones` };
  }
  const comparable = known.filter((each) => figure === 'bytes.up' || !replacesMany(each));
  const least = comparable.reduce((a, b) => (a.medians[figure]! <= b.medians[figure]! ? a : b));
  if (least === row) return { judgement: 'good', text: `${amount}, the least` };
  if (isTie(figure, scenario, row.transport, least.transport))
    return { judgement: 'good', text: `${amount}, not told apart from the least` };
  const factor = value / least.medians[figure]!;
  return { judgement: graded(factor, highest), text: `${amount}, ${factorText(factor)} the least` };
}

/** From a tenth on. */
function replacesMany({ medians }: TransportAnalysis): boolean {
  return (medians.conflated ?? 0) > 0.1;
}

function factorText(factor: number): string {
  return Number.isFinite(factor) ? `${formatNumber(factor)} ×` : 'far above';
}

/** Whether repeats could not tell two transports apart in a figure that a question asks for. */
function isTie(figure: FigureKey, { comparisons }: ScenarioAnalysis, a: Transport, b: Transport): boolean {
  const question = questionOf(figure);
  return question !== undefined && comparisonOf(comparisons, question, a, b)?.outcome === 'cannot-tell';
}

/** The needs for which a transport is a good choice, as the table says them. */
export function goodFor(table: readonly DecisionRow[], transport: Transport): readonly DecisionRow[] {
  return table.filter(({ cells }) => cells.some((cell) => cell.transport === transport && cell.judgement === 'good'));
}
