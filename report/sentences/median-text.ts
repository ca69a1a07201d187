import { type FigureKey, formatFigure } from '../../analysis/figures/figures.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';

/** Explains `~` before a number. */
export const weakNote = '~ rests on fewer than ten updates in a repeat.';

/** Explains latencies that are left out. */
export const untoldNote = 'Latencies that a stall of the instrument made are left out: see the warnings.';

/** The median of a figure over the valid repeats. `~` marks a 99th percentile that rests on too few updates. */
export function medianText(row: TransportAnalysis, key: FigureKey): string {
  const text = formatFigure(key, row.medians[key]);
  return key === 'latency.p99' && row.medians[key] !== undefined && hasWeakTail(row) ? `~${text}` : text;
}

/** Whether latencies of any valid repeat are not told. */
export function hasUntold({ valid }: TransportAnalysis): boolean {
  return valid.some(({ warnings }) => warnings.some(({ code }) => code === 'stalled'));
}

/** Whether any valid repeat had too few updates for its 99th percentile. */
export function hasWeakTail({ valid }: TransportAnalysis): boolean {
  return valid.some(({ warnings }) => warnings.some(({ code }) => code === 'few-updates'));
}
