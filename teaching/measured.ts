import type { RunAnalysis, ScenarioAnalysis } from '../analysis/comparison/run-analysis.ts';
import { type FigureKey, figureKeys, figures } from '../analysis/figures/figures.ts';
import { formatNumber, formatParameter, formatValue } from '../analysis/figures/format.ts';
import { questionNames } from '../analysis/figures/question.ts';
import type { TransportAnalysis } from '../analysis/validity/assessment.ts';
import { costMeasures } from '../analysis/verdict/cost-measure.ts';
import { type FreshnessCost, freshnessCosts, type PollingPoint } from '../analysis/verdict/freshness-cost.ts';
import { costSentence } from '../analysis/verdict/freshness-verdict.ts';
import { sentenceOf } from '../analysis/verdict/verdict.ts';
import { isTransport, type Transport, transportTitles } from '../protocol/transport.ts';
import { loadText } from '../report/sentences/facts.ts';
import { medianText, medianWithRange } from '../report/sentences/median-text.ts';
import { scenarioPath } from '../report/sentences/run-path.ts';
import type { PlannedScenario } from '../results/schema/schema.ts';
import { scenarioAt, scenarioKey } from '../scenarios/point.ts';
import { BadMarker } from './markers/markers.ts';

/** A median with its unit, for CPU with its range too. `name` is scenario, transport and figure: `chat-room.websocket.bytes.total`. */
export function figureText(analysis: RunAnalysis, name = ''): string {
  const [scenario = '', transport = '', ...key] = name.split('.');
  const figure = keyNamed(key.join('.'));
  const row = rowOf(scenarioNamed(analysis, scenario), transportNamed(transport));
  if (row.medians[figure] === undefined)
    throw new BadMarker(`the run has no ${figure} of ${scenario} over ${transport}`);
  return figures[figure].group === 'cpu' ? medianWithRange(row, figure) : medianText(row, figure);
}

/** `chat-room.bytes.total short-polling/websocket`: the first transport's median over the second's, two digits. */
export function ratioText(analysis: RunAnalysis, name = '', pair = ''): string {
  const [scenario = '', ...key] = name.split('.');
  const [over, under] = pairNamed(pair).map((transport) =>
    medianOf(analysis, scenario, transport, keyNamed(key.join('.'))),
  );
  if (!under) throw new BadMarker('the second of the pair is 0');
  return formatNumber(over! / under, 2);
}

/** `chat-room.bytes websocket/short-polling`: the sentence of this verdict. */
export function verdictText(analysis: RunAnalysis, name = '', pair = ''): string {
  const [scenario = '', question = ''] = name.split('.');
  if (!questionNames.some((name) => name === question))
    throw new BadMarker(`one of ${questionNames.join(', ')} is compared`);
  const [transport, reference] = pairNamed(pair);
  const found = scenarioNamed(analysis, scenario).comparisons.find(
    (each) => each.question === question && each.transport === transport && each.reference === reference,
  );
  if (!found) throw new BadMarker(`${transport} is not compared with ${reference}; turn them round?`);
  return sentenceOf(found);
}

/** A Markdown table of the medians of a scenario with their ranges, a row per transport. */
export function tableText(analysis: RunAnalysis, scenario = '', names: readonly string[] = []): string {
  const keys = names.map(keyNamed);
  const { transports } = scenarioNamed(analysis, scenario);
  const head = ['', ...keys.map((key) => figures[key].short)];
  const rows = transports.map((row) => [
    transportTitles[row.transport],
    ...keys.map((key) => medianWithRange(row, key)),
  ]);
  return markdownTable([head, ...rows]);
}

/** `dashboard websocket bytes`: a sentence that compares a transport with polling at several intervals. */
export function costText(analysis: RunAnalysis, scenario = '', transport = '', measure = ''): string {
  const cost = costOf(analysis, scenario);
  const point = cost.others.find((each) => each.transport === transport);
  if (!point) throw new BadMarker(`${JSON.stringify(transport)} is not beside polling in ${scenario}`);
  const known = costMeasures.find((each) => each === measure);
  if (!known) throw new BadMarker(`${JSON.stringify(measure)} is no cost; there are ${costMeasures.join(', ')}`);
  return costSentence(cost, point, known);
}

/** A Markdown table of staleness and bytes of polling, a column per interval. */
export function intervalsText(analysis: RunAnalysis, scenario = ''): string {
  const { polling } = costOf(analysis, scenario);
  const row = (title: string, cell: (point: PollingPoint) => string) => [title, ...polling.map(cell)];
  const rows = [
    row('asked every', ({ pollIntervalMs }) => formatParameter(pollIntervalMs, 'ms')),
    row('behind by', ({ stalenessMs }) => formatValue(stalenessMs, 'ms', 2)),
    row('bytes a minute, at the sockets', ({ bytes }) => formatValue(bytes, 'bytes', 2)),
  ];
  return markdownTable(rows);
}

function costOf(analysis: RunAnalysis, scenario: string): FreshnessCost {
  const found = freshnessCosts(analysis).find(({ planned }) => keyOf(planned) === scenario);
  if (!found) throw new BadMarker(`${JSON.stringify(scenario)} was not run with polls at several intervals`);
  return found;
}

/** The first row is the head. All columns but the first are aligned right. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Facts of a run that a marker can name. */
const facts = {
  trials: ({ run }) => formatNumber(run.trials.length),
  rtt: ({ run }) => `${run.record.plan.link.rttMs} ms`,
  cpu: ({ run }) => run.record.environment.cpuModel,
  cores: ({ run }) => String(run.record.environment.cores),
  node: ({ run }) => run.record.environment.node.replace(/^v/, ''),
  repeats: ({ scenarios }) => spread(scenarios.map(({ planned }) => planned.repeats)),
} as const satisfies Readonly<Record<string, (analysis: RunAnalysis) => string>>;

export function runText(analysis: RunAnalysis, name = ''): string {
  if (!(name in facts)) throw new BadMarker(`${name}: of a run ${Object.keys(facts).join(', ')} can be told`);
  return facts[name as keyof typeof facts](analysis);
}

/** The load of a scenario in one line, as in the report. */
export function scenarioLoadText(analysis: RunAnalysis, name = ''): string {
  const { planned } = scenarioNamed(analysis, name);
  return loadText(planned, scenarioPath(planned, analysis.run));
}

function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function medianOf(analysis: RunAnalysis, scenario: string, transport: Transport, key: FigureKey): number {
  const value = rowOf(scenarioNamed(analysis, scenario), transport).medians[key];
  if (value === undefined) throw new BadMarker(`the run has no ${key} of ${scenario} over ${transport}`);
  return value;
}

/** Finds a scenario by name and point, such as `chat-room@clients=300`. Throws `BadMarker` if it was not run. */
export function scenarioNamed({ scenarios }: RunAnalysis, name: string): ScenarioAnalysis {
  const found = scenarios.find(({ planned }) => keyOf(planned) === name);
  if (found) return found;
  const known = scenarios.map(({ planned }) => keyOf(planned));
  throw new BadMarker(`${JSON.stringify(name)} was not run; the scenarios are ${known.join(', ')}`);
}

function keyOf(planned: PlannedScenario): string {
  return scenarioKey(scenarioAt(planned));
}

function rowOf({ transports }: ScenarioAnalysis, wanted: Transport): TransportAnalysis {
  const found = transports.find(({ transport }) => transport === wanted);
  if (!found) throw new BadMarker(`${wanted} was not run`);
  return found;
}

/** Throws `BadMarker` if there is no such figure. */
export function keyNamed(name: string): FigureKey {
  const found = figureKeys.find((key) => key === name);
  if (!found) throw new BadMarker(`${JSON.stringify(name)} is no figure; pvw list figures names them`);
  return found;
}

function transportNamed(name: string): Transport {
  if (!isTransport(name)) throw new BadMarker(`${JSON.stringify(name)} is no transport`);
  return name;
}

function pairNamed(pair: string): readonly [Transport, Transport] {
  const [first = '', second = ''] = pair.split('/');
  return [transportNamed(first), transportNamed(second)];
}
