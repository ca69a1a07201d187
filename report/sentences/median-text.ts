import { type FigureKey, figures } from '../../analysis/figures/figures.ts';
import { formatValue, unknownText } from '../../analysis/figures/format.ts';
import { digitsOf, formatRange, type Range, rangeOf } from '../../analysis/figures/spread.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';

/** Explains `~` before a number. */
export const weakNote = '~ rests on fewer than ten updates in a repeat.';

/** Explains `≈` before a number. */
export const unsteadyNote =
  '≈ the machine was unsteady: compare server CPU within this run by its ratios, and do not take it for a constant.';

/** Explains latencies that are left out. */
export const leftOutNote =
  'Latencies that the instrument made, by stalls or by sending late, are left out: see the warnings.';

/**
 * The median of a figure over the valid repeats, with as many digits as their spread allows. `~` marks a 99th percentile
 * that rests on too few updates, `≈` CPU on a machine whose pace changed from repeat to repeat.
 */
export function medianText(row: TransportAnalysis, key: FigureKey): string {
  const median = row.medians[key];
  if (median === undefined) return unknownText;
  return `${markOf(row, key)}${formatValue(median, figures[key].unit, digitsOf(key, median, rangeIn(row, key)))}`;
}

/** The least and the greatest repeat in the unit of the median, such as `1.4–3.9`; empty unless two repeats differ. */
export function rangeText(row: TransportAnalysis, key: FigureKey): string {
  const median = row.medians[key];
  const range = rangeIn(row, key);
  if (median === undefined || range === undefined) return '';
  const text = formatRange(range, median, figures[key].unit, digitsOf(key, median, range));
  return text.includes('–') ? text : '';
}

/** `1.6 ms (1.4–3.9)`. */
export function medianWithRange(row: TransportAnalysis, key: FigureKey): string {
  const range = rangeText(row, key);
  return range === '' ? medianText(row, key) : `${medianText(row, key)} (${range})`;
}

/** What the marks of some rows mean, and why latencies are missing, for the note below their table. */
export function markNotes(rows: readonly TransportAnalysis[], keys: readonly FigureKey[]): readonly string[] {
  const isMarked = (mark: string) => rows.some((row) => keys.some((key) => medianText(row, key).startsWith(mark)));
  const isLeftOut = keys.some((key) => figures[key].group === 'freshness') && rows.some(hasLeftOut);
  return [
    ...(isMarked('~') ? [weakNote] : []),
    ...(isMarked('≈') ? [unsteadyNote] : []),
    ...(isLeftOut ? [leftOutNote] : []),
  ];
}

function rangeIn({ valid }: TransportAnalysis, key: FigureKey): Range | undefined {
  return rangeOf(valid.map((trial) => trial.figures[key]));
}

function markOf(row: TransportAnalysis, key: FigureKey): string {
  if (key === 'latency.p99' && hasWeakTail(row)) return '~';
  return figures[key].group === 'cpu' && row.isUnsteady ? '≈' : '';
}

/** Whether latencies of any valid repeat were left out. */
function hasLeftOut({ valid }: TransportAnalysis): boolean {
  return valid.some(({ warnings }) => warnings.some(({ code }) => code === 'stalled'));
}

/** Whether any valid repeat had too few updates for its 99th percentile. */
function hasWeakTail({ valid }: TransportAnalysis): boolean {
  return valid.some(({ warnings }) => warnings.some(({ code }) => code === 'few-updates'));
}
