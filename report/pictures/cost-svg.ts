import { formatParameter } from '../../analysis/figures/format.ts';
import type { CostMeasure } from '../../analysis/verdict/cost-measure.ts';
import type { CostReading, FreshnessCost, PollingPoint } from '../../analysis/verdict/freshness-cost.ts';
import type { TheoryPoint } from '../../analysis/verdict/polling-theory.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { html, type Markup } from '../markup/markup.ts';
import { logScale, logTicks, place, type Scale } from '../markup/scale.ts';
import { transportStyles } from '../markup/theme.ts';

/** The two sizes of each picture; the style shows the one that fits. */
export const costSizes = { wide: { width: 860, height: 470 }, narrow: { width: 360, height: 400 } } as const;

/** What the page's script needs to draw a picture anew. `theory`: null where there is none. */
export type CostPicture = { readonly cost: FreshnessCost; readonly theory: readonly TheoryPoint[] | null };

/** In units of the view box; one unit is about a CSS pixel. */
export type Size = { readonly width: number; readonly height: number };

type Frame = Size & { readonly x: Scale; readonly y: Scale };

const margin = { left: 62, right: 18, top: 14, bottom: 48 };
const labelHeight = 17;

/** A load that was not measured, drawn into the picture of one that was. */
export type PredictedCosts = {
  /** By ascending interval. */
  readonly polling: readonly CostReading[];
  readonly others: readonly (CostReading & { readonly transport: Transport })[];
};

/**
 * Cost by mean staleness, both logarithmic. Static, so that it shows without scripts. `yours` changes nothing of the rest:
 * measured points stay where they are, and what lies outside of their frame is cut off.
 */
export function costSvg(
  cost: FreshnessCost,
  measure: CostMeasure,
  theory: readonly TheoryPoint[] | undefined,
  size: Size,
  yours?: PredictedCosts,
): Markup {
  const frame = frameOf(cost, measure, size);
  const isWide = size.width >= 600;
  return html`<svg class="cost ${isWide ? 'wide' : 'narrow'}" viewBox="0 0 ${size.width} ${size.height}" role="img"
aria-label="${spoken(cost, measure)}">
${region(cost, measure, frame)}
${axes(measure, frame)}
${measure === 'bytes' && theory && theoryLine(theory, frame)}
${pollingCurve(cost.polling, measure, frame, isWide)}
${otherPoints(cost, measure, frame)}
${yours && yourCosts(yours, measure, frame)}
</svg>`;
}

function frameOf({ polling, others }: FreshnessCost, measure: CostMeasure, size: Size): Frame {
  const readings = [...polling, ...others].flatMap(({ repeats }) => repeats);
  const [left, right] = ends(readings.map(({ stalenessMs }) => stalenessMs));
  const [bottom, top] = ends(readings.map((reading) => reading[measure]));
  return {
    ...size,
    x: logScale(left / 2, right * 1.6, margin.left, size.width - margin.right),
    y: logScale(bottom / 1.8, top * 1.5, size.height - margin.bottom, margin.top),
  };
}

function ends(values: readonly number[]): readonly [number, number] {
  const positive = values.filter((value) => value > 0);
  return positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [1, 10];
}

/** The region in which a transport is both fresher and cheaper than polling at some measured interval. */
function region({ polling }: FreshnessCost, measure: CostMeasure, { x, y, height }: Frame): Markup {
  const first = polling[0]!;
  const edge = polling.map((point) => `${place(x.at(point.stalenessMs))},${place(y.at(point[measure]))}`).join(' L');
  const [left, bottom] = [margin.left, height - margin.bottom];
  const outline = `M${left},${bottom} V${place(y.at(first[measure]))} H${place(x.at(first.stalenessMs))} L${edge} V${bottom} Z`;
  return html`<path class="region" d="${outline}"/>
<text class="region-name" x="${left + 10}" y="${bottom - 12}">cheaper and fresher than polling</text>`;
}

function axes(measure: CostMeasure, { x, y, width, height }: Frame): Markup {
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const across = logTicks(x, width >= 600 ? 10 : 5);
  const up = logTicks(y, 8);
  return html`${across.map(
    (
      tick,
    ) => html`<line class="grid" x1="${place(x.at(tick))}" x2="${place(x.at(tick))}" y1="${margin.top}" y2="${bottom}"/>
<text class="tick" x="${place(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${formatParameter(tick, 'ms')}</text>\n`,
  )}${up.map(
    (
      tick,
    ) => html`<line class="grid" x1="${margin.left}" x2="${right}" y1="${place(y.at(tick))}" y2="${place(y.at(tick))}"/>
<text class="tick" x="${margin.left - 8}" y="${place(y.at(tick) + 4)}" text-anchor="end">${formatParameter(tick, measure === 'bytes' ? 'bytes' : 'ms')}</text>\n`,
  )}<text class="axis-name" x="${(margin.left + right) / 2}" y="${height - 8}" text-anchor="middle">mean staleness${width >= 600 && ': how long after it happened a client knows of it'} →</text>`;
}

function theoryLine(theory: readonly TheoryPoint[], { x, y }: Frame): Markup {
  return html`<polyline class="theory" points="${theory
    .map(({ stalenessMs, bytes }) => `${place(x.at(stalenessMs))},${place(y.at(bytes))}`)
    .join(' ')}"/>`;
}

function pollingCurve(
  polling: readonly PollingPoint[],
  measure: CostMeasure,
  { x, y, width }: Frame,
  isWide: boolean,
): Markup {
  const at = (point: CostReading) => [place(x.at(point.stalenessMs)), place(y.at(point[measure]))] as const;
  const dash = transportStyles['short-polling'].dash.join(' ');
  const line = polling.map((point) => at(point).join(',')).join(' ');
  return html`<g class="short-polling"><polyline class="curve" points="${line}" stroke-dasharray="${dash}"/>
${polling.map((point, index) => {
  const [cx, cy] = at(point);
  const named = isWide || index % 2 === 0;
  return html`${repeatDots(point.repeats, at)}<circle class="point" cx="${cx}" cy="${cy}" r="5"/>${
    named &&
    html`<text class="name" ${beside(Number(cx), Number(cy), width)}>${index === 0 && 'Short polling '}every ${formatParameter(point.pollIntervalMs, 'ms')}</text>`
  }\n`;
})}</g>`;
}

/** Puts a label above and to the right of its point, or below and to the left near the right edge. */
function beside(cx: number, cy: number, width: number): Markup {
  return cx < width - 95 ? html`x="${cx + 9}" y="${cy - 7}"` : html`x="${cx - 8}" y="${cy + 19}" text-anchor="end"`;
}

function otherPoints({ others }: FreshnessCost, measure: CostMeasure, { x, y }: Frame): Markup {
  const at = (point: CostReading) => [place(x.at(point.stalenessMs)), place(y.at(point[measure]))] as const;
  const labels = apart(others.map((point) => y.at(point[measure]) + 4));
  return html`${others.map((point, index) => {
    const [cx, cy] = at(point);
    const labelX = Number(cx) + 12;
    return html`<g class="${point.transport}">${repeatDots(point.repeats, at)}<path class="point" d="M${cx},${Number(cy) - 7} l7,7 l-7,7 l-7,-7 z"/>
<text class="name strong" x="${labelX}" y="${place(labels[index]!)}">${transportTitles[point.transport]}</text></g>\n`;
  })}`;
}

/** Hollow, to be told apart from what was measured. */
function yourCosts({ polling, others }: PredictedCosts, measure: CostMeasure, frame: Frame): Markup {
  const at = (reading: CostReading) =>
    [place(frame.x.at(reading.stalenessMs)), place(frame.y.at(reading[measure]))] as const;
  const isInside = (reading: CostReading) => {
    const [x, y] = at(reading).map(Number) as [number, number];
    return x >= margin.left && x <= frame.width - margin.right && y >= margin.top && y <= frame.height - margin.bottom;
  };
  const shown = polling.filter(isInside);
  return html`<g class="yours short-polling"><polyline class="curve" points="${shown.map((reading) => at(reading).join(',')).join(' ')}"/></g>
${others.filter(isInside).map((reading) => {
  const [cx, cy] = at(reading);
  return html`<g class="yours ${reading.transport}"><path class="point" d="M${cx},${Number(cy) - 9} l9,9 l-9,9 l-9,-9 z"/></g>\n`;
})}`;
}

function repeatDots(
  repeats: readonly CostReading[],
  at: (point: CostReading) => readonly [string, string],
): Markup | false {
  if (repeats.length < 2) return false;
  return html`${repeats.map((reading) => {
    const [cx, cy] = at(reading);
    return html`<circle class="repeat" cx="${cx}" cy="${cy}" r="2.5"/>`;
  })}`;
}

/** Moves labels down just far enough that none covers another. */
function apart(wanted: readonly number[]): readonly number[] {
  const order = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  for (const [rank, index] of order.entries()) {
    const above = order[rank - 1];
    if (above !== undefined) placed[index] = Math.max(wanted[index]!, placed[above]! + labelHeight);
  }
  return placed;
}

function spoken({ polling, others }: FreshnessCost, measure: CostMeasure): string {
  const unit = measure === 'bytes' ? 'bytes' : 'ms';
  const said = (name: string, point: CostReading) =>
    `${name}: ${formatParameter(point[measure], unit)} at ${formatParameter(point.stalenessMs, 'ms')}`;
  return [
    `The cost of freshness: ${measure === 'bytes' ? 'bytes at the sockets' : 'server CPU'} per client and minute against mean staleness.`,
    ...polling.map((point) => said(`Polling every ${formatParameter(point.pollIntervalMs, 'ms')}`, point)),
    ...others.map((point) => said(transportTitles[point.transport], point)),
  ].join(' ');
}
