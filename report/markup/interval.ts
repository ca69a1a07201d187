import type { Comparison } from '../../analysis/comparison/comparison.ts';
import { formatNumber } from '../../analysis/figures/format.ts';
import { html, type Markup } from './markup.ts';

/** A logarithmic scale of ratios, the same for all rows of one question. Widths in units of the SVG's view box. */
export type IntervalScale = { readonly low: number; readonly high: number; readonly x: (ratio: number) => number };

const width = 240;
const margin = 8;

/** From the least to the most that any row or 1 needs. */
export function intervalScale(comparisons: readonly Comparison[]): IntervalScale {
  const ends = comparisons.flatMap(({ estimate, ratios }) => [
    ...(estimate ? [estimate.low, estimate.high] : []),
    ...ratios.map(({ ratio }) => ratio),
  ]);
  // At least 10% to each side, so that ties do not look like worlds apart.
  const low = Math.min(1 / 1.1, ...ends);
  const high = Math.max(1.1, ...ends);
  const x = (ratio: number) =>
    margin + ((Math.log(ratio) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (width - 2 * margin);
  return { low, high, x };
}

/** The interval as a line, its estimate as a dot, every repeat as a tick, and the rule at 1, which runs on to the next row. Its sentence is the text. */
export function intervalSvg({ estimate, ratios, transport }: Comparison, { x }: IntervalScale): Markup {
  if (!estimate) return html``;
  return html`<svg class="interval ${transport}" viewBox="0 0 ${width} 22" aria-hidden="true">
<line class="rule" x1="${at(x(1))}" x2="${at(x(1))}" y1="-99" y2="121"/>
<path class="repeat" d="${ratios.map(({ ratio }) => `M${at(x(ratio))} 4v14`).join('')}"/>
<line class="reach" x1="${at(x(estimate.low))}" x2="${at(x(estimate.high))}" y1="11" y2="11"/>
<circle class="estimate" cx="${at(x(estimate.ratio))}" cy="11" r="4.5"/></svg>`;
}

/** What the rule means, and the ends of the scale. */
export function intervalAxis({ low, high, x }: IntervalScale): Markup {
  const one = x(1);
  // The ends are named only where they do not run into the name of the rule.
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
