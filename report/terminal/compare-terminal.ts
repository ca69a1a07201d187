import picocolors from 'picocolors';
import type {
  JudgedChange,
  RunComparison,
  RunOutcome,
  ScenarioComparison,
} from '../../analysis/comparison/run-comparison.ts';
import type { Difference } from '../../analysis/comparison/run-differences.ts';
import { figures, formatFigure } from '../../analysis/figures/figures.ts';
import { formatNumber } from '../../analysis/figures/format.ts';
import { plainRatio } from '../../analysis/verdict/verdict.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { plainText, wrapText } from '../../text/plain-text.ts';
import { weakNote } from '../sentences/median-text.ts';
import { plainTitle } from '../sentences/plain-title.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

export type CompareOptions = {
  /** Names of runs A and B, such as their directories. */
  readonly names: { readonly a: string; readonly b: string };
  /** Columns of the terminal; 80 by default. A table that does not fit is shown without intervals. */
  readonly width?: number;
  readonly colors?: Colors;
};

type Paper = { readonly width: number; readonly colors: Colors };

const longestValue = 200;
/** Longest name of a scenario with its point, in characters. */
const longestKey = 120;

/** Compares two runs as text for a terminal: first what limits the comparison, then a table per scenario. */
export function renderComparison(comparison: RunComparison, options: CompareOptions): string {
  const paper = { width: Math.max(40, options.width ?? 80), colors: options.colors ?? picocolors };
  const isOther = comparison.machine.length > 0;
  const blocks = [
    [`A  ${plainText(options.names.a, 400)}`, `B  ${plainText(options.names.b, 400)}`],
    machineBlock(comparison, paper),
    listBlock('Other differences', comparison.differences.map(differenceText), paper),
    listBlock('Warnings', warningTexts(comparison), paper),
    ...comparison.scenarios.map((scenario) => scenarioBlock(scenario, isOther, paper)),
    comparison.scenarios.some(({ status }) => status === 'compared') ? notes(comparison, paper) : [],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function machineBlock({ machine }: RunComparison, paper: Paper): readonly string[] {
  if (machine.length === 0) return [];
  const advice = 'Other machine: latencies and CPU say as much about it as about what was changed.';
  const lines = machine.flatMap((difference) => bullet(differenceText(difference), paper));
  return [...wrapText(advice, paper.width).map(paper.colors.yellow), ...lines];
}

function listBlock(heading: string, texts: readonly string[], paper: Paper): readonly string[] {
  return texts.length === 0 ? [] : [paper.colors.bold(heading), ...texts.flatMap((text) => bullet(text, paper))];
}

function differenceText({ what, a, b }: Difference): string {
  return `${plainText(what, 60)}: A ${plainText(a, longestValue)}, B ${plainText(b, longestValue)}`;
}

function warningTexts({ warnings, onlyIn }: RunComparison): readonly string[] {
  return (['a', 'b'] as const).flatMap((side) => {
    const name = side.toUpperCase();
    const alone = onlyIn[side].map((key) => plainText(key, longestKey)).join(', ');
    return [
      ...warnings[side].map(({ text }) => `${name}: ${plainText(text)}`),
      ...(alone === '' ? [] : [`Only in ${name}: ${alone}`]),
    ];
  });
}

function scenarioBlock(scenario: ScenarioComparison, isOtherMachine: boolean, paper: Paper): readonly string[] {
  const { bold, dim, red, yellow } = paper.colors;
  const { title, point, parameters, times, status } = scenario;
  const mark = isOtherMachine ? ` ${yellow('(other machine)')}` : '';
  const heading = `${bold(plainTitle(title, point))}${mark}`;
  const differ = parameters.flatMap((difference) => bullet(differenceText(difference), paper));
  if (status === 'refused') {
    const refusal = 'Not compared, because its parameters differ; --force compares it nevertheless:';
    return [heading, ...wrapText(refusal, paper.width).map(red), ...differ];
  }
  const forced = parameters.length > 0 ? [yellow('Compared by force; these parameters differ:'), ...differ] : [];
  const lengths = times.flatMap((difference) => wrapText(differenceText(difference), paper.width)).map(dim);
  return [heading, ...forced, ...lengths, ...table(scenario.changes, paper)];
}

type Row = readonly string[];

/** A table with the figures indented below their transport. */
function table(changes: readonly JudgedChange[], { width, colors }: Paper): readonly string[] {
  const full = changes.map((change) => rowOf(change, true));
  const rows = lengthOf(full) <= width ? full : changes.map((change) => rowOf(change, false));
  const head: Row = ['', 'A', 'B', 'B/A', ''];
  const widths = widthsOf([head, ...rows]);
  const line = (row: Row) =>
    `  ${row.map((cell, c) => (c === 0 || c === 4 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  ')}`.trimEnd();
  return [
    colors.dim(line(head)),
    ...changes.flatMap(({ transport, outcome }, index) => [
      ...(changes[index - 1]?.transport === transport ? [] : [transportTitles[transport]]),
      paintOf(outcome, colors)(line(rows[index]!)),
    ]),
  ];
}

function rowOf(change: JudgedChange, withInterval: boolean): Row {
  const { figure, a, b, weak } = change;
  const mark = weak ? '~' : '';
  const value = (number: number | undefined) => `${number === undefined ? '' : mark}${formatFigure(figure, number)}`;
  return [figures[figure].short, value(a), value(b), ratioText(change, withInterval), wordOf(change)];
}

function ratioText({ ratio, estimate }: JudgedChange, withInterval: boolean): string {
  if (ratio === undefined) return '–';
  if (estimate && withInterval) return plainRatio(estimate);
  return ratio > 0.1 && ratio < 10 ? ratio.toFixed(2) : formatNumber(ratio);
}

/** The outcome for B in a word. */
function wordOf({ outcome, repeats }: JudgedChange): string {
  if (outcome !== 'too-few') return words[outcome];
  const fewest = Math.min(repeats.a, repeats.b);
  if (fewest === 0) return 'cold';
  return fewest === 1 ? 'shown once' : 'too few repeats';
}

const words: Readonly<Record<Exclude<RunOutcome, 'too-few'>, string>> = {
  lower: 'lower',
  higher: 'higher',
  unresolved: 'not enough repeats',
  'cannot-tell': 'cannot tell',
  'not-measured': 'not measured',
};

/** Lower is green, because all compared figures are costs. */
function paintOf(outcome: RunOutcome, { green, red, dim }: Colors): (text: string) => string {
  if (outcome === 'lower') return green;
  if (outcome === 'higher') return red;
  return outcome === 'cannot-tell' || outcome === 'unresolved' ? String : dim;
}

function lengthOf(rows: readonly Row[]): number {
  const widths = widthsOf(rows);
  return widths.reduce((sum, width) => sum + width, 2 * widths.length);
}

function widthsOf(rows: readonly Row[]): readonly number[] {
  return [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
}

function notes({ scenarios }: RunComparison, { width, colors }: Paper): readonly string[] {
  const changes = scenarios.flatMap((scenario) => (scenario.status === 'compared' ? scenario.changes : []));
  const texts = [
    'A and B: medians of the valid repeats; bytes per client and minute.',
    'B/A: ratio with its 95% interval. The words are corrected for how many are compared in a scenario (Holm).',
    ...(changes.some(({ weak }) => weak) ? [weakNote] : []),
    ...(changes.some((change) => wordOf(change) === 'cold')
      ? ['Cold: CPU that still holds compiling decides nothing; give a longer warm-up.']
      : []),
  ];
  return texts.flatMap((text) => wrapText(text, width)).map(colors.dim);
}

function bullet(text: string, { width }: Paper): readonly string[] {
  return wrapText(text, width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}
