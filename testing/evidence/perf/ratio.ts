import { median } from 'simple-statistics';
import { pairedRatio } from '../../../analysis/statistics/statistics.ts';

/** The median of the ratios of paired rounds, and a 95% interval of their mean, which one round does not have. */
export type Ratio = { readonly median: number; readonly interval?: readonly [low: number, high: number] };

/** Each round's first by its second (Student's t on the logarithms). */
export function ratioOf(over: readonly number[], under: readonly number[]): Ratio {
  const ratios = over.map((value, round) => value / under[round]!);
  const estimate = pairedRatio(ratios);
  return { median: median(ratios), ...(estimate && { interval: [estimate.low, estimate.high] }) };
}

export function ratioText({ median, interval }: Ratio): string {
  return `${median.toFixed(3)} ×${interval ? ` (${interval.map((end) => end.toFixed(3)).join('–')})` : ''}`;
}

/** The names under which the ratio of a finding is recorded: `nameRatio`, `nameLow`, `nameHigh`, `nameMost`. */
export function ratioFigures(name: string, ratio: Ratio, most?: number): Readonly<Record<string, number>> {
  const { median, interval } = ratio;
  return {
    [`${name}Ratio`]: median,
    ...(interval && { [`${name}Low`]: interval[0], [`${name}High`]: interval[1] }),
    ...(most !== undefined && { [`${name}Most`]: most }),
  };
}

/** Median and range of the rounds: `nameUs` has `nameUsLow` and `nameUsHigh` beside it. */
export function spreadFigures(name: string, values: readonly number[]): Readonly<Record<string, number>> {
  return { [name]: median([...values]), [`${name}Low`]: Math.min(...values), [`${name}High`]: Math.max(...values) };
}
