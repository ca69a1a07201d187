import picocolors from 'picocolors';
import { analyseRun, type RunAnalysis, type ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { figures } from '../../analysis/figures/figures.ts';
import { unknownText } from '../../analysis/figures/format.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { plainText, wrapText } from '../../text/plain-text.ts';
import { cpuNotes } from '../sentences/cpu-note.ts';
import { loadText } from '../sentences/facts.ts';
import { limitTexts } from '../sentences/limit-text.ts';
import { markNotes, medianText, rangeText } from '../sentences/median-text.ts';
import {
  type Column,
  columnsNote,
  columnsOf,
  failureTexts,
  faultsOf,
  hasTrials,
  isIncomplete,
  verdictTexts,
  warningTexts,
} from '../sentences/outcome-text.ts';
import { plainTitle } from '../sentences/plain-title.ts';
import { scenarioPath } from '../sentences/run-path.ts';
import { stormSentences } from '../sentences/storm-text.ts';
import { renderCapacity } from './capacity-terminal.ts';
import { pathsBlock } from './path-terminal.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

export type TerminalOptions = {
  /** Columns of the terminal; 80 by default. If a table does not fit, its least important columns are left out. */
  readonly width?: number;
  /** By default those of picocolors, which checks `NO_COLOR` and stdout. */
  readonly colors?: Colors;
  /** The transport to compare the others with; short polling by default. */
  readonly reference?: Transport;
};

type Paper = { readonly width: number; readonly colors: Colors };

const gap = '  ';

/** A run as text for a terminal: table and verdicts of each scenario, failed trials and warnings. */
export function renderTerminal(run: Run, options: TerminalOptions = {}): string {
  const paper = { width: Math.max(40, options.width ?? 80), colors: options.colors ?? picocolors };
  const { bold, dim } = paper.colors;
  const capacity = renderCapacity(run, { width: paper.width, bold, dim });
  if (capacity !== undefined) return capacity;
  const analysis = analyseRun(run, options);
  const blocks = [
    ...analysis.scenarios.map((scenario) => scenarioBlock(scenario, analysis, paper)),
    failureBlock(analysis, paper),
    warningBlock(analysis, paper),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function scenarioBlock(scenario: ScenarioAnalysis, analysis: RunAnalysis, paper: Paper): readonly string[] {
  const { bold, dim } = paper.colors;
  const { planned } = scenario;
  return [
    bold(plainTitle(planned.scenario.title, planned.point)),
    ...wrapParts(plainText(loadText(planned, scenarioPath(planned, analysis.run))), paper.width).map(dim),
    '',
    ...(hasTrials(scenario)
      ? [
          ...table(scenario, paper),
          ...[...footnotes(scenario), ...cpuNotes(analysis.run.record)]
            .flatMap((note) => wrapText(note, paper.width))
            .map(dim),
          '',
          ...verdictTexts(scenario, analysis).flatMap((sentence) => bullet(sentence, paper)),
          ...stormSentences(scenario, analysis).flatMap((sentence) => bullet(plainText(sentence), paper)),
          ...pathsBlock(scenario, analysis, paper),
        ]
      : ['No trial has ended.']),
  ];
}

/** Wraps `a · b · c` only between its parts. */
function wrapParts(text: string, width: number): readonly string[] {
  const glued = text.replaceAll(' ', '\u00a0').replaceAll('\u00a0·\u00a0', '\u00a0· ');
  return wrapText(glued, width).map((line) => line.replaceAll('\u00a0', ' '));
}

/** Two lines for each transport: the medians, and below them the least and the greatest repeat. */
function table(scenario: ScenarioAnalysis, { width, colors }: Paper): readonly string[] {
  const columns = columnsOf(scenario);
  const columnKeys = columns.map(({ key }) => key);
  const head = ['', ...columnKeys.map((key) => figures[key].short)];
  const medians = scenario.transports.map((row) => [name(row), ...columnKeys.map((key) => medianText(row, key))]);
  const ranges = scenario.transports.map((row) => ['', ...columnKeys.map((key) => rangeText(row, key))]);
  const all = [head, ...medians, ...ranges];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  // Leave out a figure that no transport has, such as memory with few clients, to make room for another.
  const known = widths.map((_, column) => column === 0 || medians.some((row) => row[column] !== unknownText));
  const shown = fittingColumns(columns, { widths, known }, width);
  const line = (row: readonly string[]) =>
    shown.map((c) => (c === 0 ? row[c]!.padEnd(widths[c]!) : row[c]!.padStart(widths[c]!))).join(gap);
  const hasRange = (row: readonly string[]) => shown.some((column) => row[column] !== '');
  return [
    colors.dim(line(head)),
    ...medians.flatMap((row, index) => [
      line(row),
      ...(hasRange(ranges[index]!) ? [colors.dim(line(ranges[index]!))] : []),
    ]),
  ];
}

/** The indices of the columns to show: the first one, then the most important known ones that fit, in table order. */
type Cells = { readonly widths: readonly number[]; readonly known: readonly boolean[] };

function fittingColumns(columns: readonly Column[], { widths, known }: Cells, width: number): readonly number[] {
  const byImportance = columns.map(({ importance }, index) => ({ importance, column: index + 1 }));
  byImportance.sort((a, b) => b.importance - a.importance);
  const shown = [0];
  let used = widths[0]!;
  for (const { column } of byImportance) {
    if (!known[column]) continue;
    used += gap.length + widths[column]!;
    if (used > width) break;
    shown.push(column);
  }
  return shown.sort((a, b) => a - b);
}

function name(row: TransportAnalysis): string {
  return transportTitles[row.transport] + (isIncomplete(row) ? ' !' : '');
}

function footnotes(scenario: ScenarioAnalysis): readonly string[] {
  const { planned, transports } = scenario;
  const whole = transports.every((row) => row.valid.length === row.planned);
  const repeats = whole ? `${transports[0]?.planned ?? planned.repeats}` : 'the valid';
  const medians =
    planned.repeats > 1 ? `Medians of ${repeats} repeats, and below them the least and the greatest. ` : '';
  return [
    `${medians}${columnsNote(scenario)}`,
    ...markNotes(
      transports,
      columnsOf(scenario).map(({ key }) => key),
    ),
    ...limitTexts(transports),
    ...transports.filter(isIncomplete).map((row) => `! ${transportTitles[row.transport]}: ${faultsOf(row)}.`),
  ];
}

function failureBlock(analysis: RunAnalysis, paper: Paper): readonly string[] {
  const lines = failureTexts(analysis).flatMap((text) => bullet(text, paper));
  return lines.length > 0 ? [paper.colors.red('Failed trials'), ...lines] : [];
}

function warningBlock(analysis: RunAnalysis, paper: Paper): readonly string[] {
  const { bold, red, yellow } = paper.colors;
  const lines = warningTexts(analysis).flatMap(({ invalid, text }) => bullet(text, paper).map(invalid ? red : yellow));
  return lines.length > 0 ? [bold('Warnings'), ...lines] : [];
}

function bullet(text: string, { width }: Paper): readonly string[] {
  return wrapText(text, width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}
