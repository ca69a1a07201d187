import { type FigureKey, figures } from './figures.ts';
import { formatBeside, type Unit } from './format.ts';

/** The least and the greatest of several repeats. */
export type Range = { readonly least: number; readonly most: number };

/** `undefined` for fewer than two known values. */
export function rangeOf(values: readonly (number | undefined)[]): Range | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < 2 ? undefined : { least: Math.min(...known), most: Math.max(...known) };
}

/** From this share of the median on, repeats differ so much that a third digit says nothing. */
const wide = 0.1;
const fewDigits = 2;

/**
 * Significant digits of a median. Two where the repeats differ by a tenth or more, and for CPU that was measured once,
 * because its repeats usually do; otherwise those of the figure.
 */
export function digitsOf(key: FigureKey, median: number, range: Range | undefined): number {
  const { digits, group } = figures[key];
  const isWide = range === undefined ? group === 'cpu' : range.most - range.least >= wide * Math.abs(median);
  return isWide ? Math.min(fewDigits, digits) : digits;
}

/** The ends of the range at the scale of the median and without a unit: `1.4–3.9`. One value where both look the same. */
export function formatRange({ least, most }: Range, median: number, unit: Unit, digits: number): string {
  const [from, to] = [least, most].map((end) => formatBeside(end, median, unit, digits));
  return from === to ? to! : `${from}–${to}`;
}
