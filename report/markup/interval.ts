import type { Comparison } from '../../analysis/comparison/comparison.ts';
import { formatNumber } from '../../analysis/figures/format.ts';
import { html, type Markup } from './markup.ts';

/** A logarithmic scale of ratios, shared by all rows of a question. `x` is in units of the SVG's view box. */
export type IntervalScale = { readonly low: number; readonly high: number; readonly x: (ratio: number) => number };

const width = 240;
const margin = 8;

/** A scale that covers all rows and the ratio 1. */
export function intervalScale(comparisons: readonly Comparison[]): IntervalScale {
  const ends = comparisons.flatMap(({ estimate, ratios }) => [
    ...(estimate ? [estimate.low, estimate.high] : []),
    ...ratios.map(({ ratio }) => ratio),
  ]);
  // At least 10% to each side, so that small differences do not look large.
  const low = Math.min(1 / 1.1, ...ends);
  const high = Math.max(1.1, ...ends);
  const x = (ratio: number) =>
    margin + ((Math.log(ratio) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (width - 2 * margin);
  return { low, high, x };
}

/**
 * The interval as a line, the estimate as a dot, each repeat as a tick, and a rule at 1 that continues into the next
 * row. Hidden from screen readers: the sentence beside it says the same.
 */
export function intervalSvg({ estimate, ratios, transport }: Comparison, { x }: IntervalScale): Markup {
  if (!estimate) return html``;
  return html`<svg class="interval ${transport}" viewBox="0 0 ${width} 22" aria-hidden="true">
<line class="rule" x1="${at(x(1))}" x2="${at(x(1))}" y1="-99" y2="121"/>
<path class="repeat" d="${ratios.map(({ ratio }) => `M${at(x(ratio))} 4v14`).join('')}"/>
<line class="reach" x1="${at(x(estimate.low))}" x2="${at(x(estimate.high))}" y1="11" y2="11"/>
<circle class="estimate" cx="${at(x(estimate.ratio))}" cy="11" r="4.5"/></svg>`;
}

/** The axis below the rows: it labels the rule at 1 and the ends of the scale. */
export function intervalAxis({ low, high, x }: IntervalScale): Markup {
  const one = x(1);
  // An end gets a label only if the label does not run into that of the rule.
  return html`<svg class="interval axis" viewBox="0 0 ${width} 16">
${one > 60 && html`<text x="${margin}" y="12">${ratioText(low)}</text>`}
<text x="${at(one)}" y="12" text-anchor="${one > width - 40 ? 'end' : one < 40 ? 'start' : 'middle'}">same</text>
${one < width - 60 && html`<text x="${width - margin}" y="12" text-anchor="end">${ratioText(high)}</text>`}</svg>`;
}

function ratioText(ratio: number): string {
  return ratio < 1 ? `1/${formatNumber(1 / ratio, 2)}` : `${formatNumber(ratio, 2)}×`;
}

function at(value: number): string {
  return value.toFixed(1);
}
