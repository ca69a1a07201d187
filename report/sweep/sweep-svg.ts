import { formatParameter, formatValue } from '../../analysis/figures/format.ts';
import type { SweepPanel, SweepReading, SweepSeries } from '../../analysis/sweep/sweep.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { axisTitle } from '../../scenarios/point.ts';
import { html, type Markup } from '../markup/markup.ts';
import { linearScale, linearTicks, logScale, logTicks, place, type Scale } from '../markup/scale.ts';
import { transportStyles } from '../markup/theme.ts';
import { axisText } from './axis-text.ts';

/** In units of the view box; one unit is about a CSS pixel. */
const size = { width: 340, height: 250 };
const margin = { left: 68, right: 14, top: 10, bottom: 44 };

/** The least ratio of two ends for which a logarithmic scale shows more than a linear one. */
const leastRatio = 4;
const mostTicks = 6;

export type DrawnPanel = Omit<SweepPanel, 'figure'> & {
  /** A value up to which all is well; absent: none. */
  readonly limit?: number;
};

/**
 * One figure along an axis: dots are repeats, thick lines go through their medians, thin ones through what the model
 * predicts. Static, so that it shows without scripts.
 */
export function sweepSvg({ series, title, unit, limit }: DrawnPanel, axis: string): Markup {
  const readings = series.flatMap((each) => each.readings);
  const x = scaleFor(
    readings.map(({ at }) => at),
    margin.left + 6,
    size.width - margin.right - 6,
  );
  const values = [...readings.flatMap(valuesOf), ...(limit === undefined ? [] : [limit])];
  const y = unit === 'share' ? shareAxis : scaleFor(values, size.height - margin.bottom, margin.top + 6);
  return html`<svg class="panel" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${spoken(series, { title, unit }, axis)}">
${acrossTicks(x, readings, axis)}
${upTicks(y, unit)}
<text class="axis-name" x="${(margin.left + size.width - margin.right) / 2}" y="${size.height - 6}" text-anchor="middle">${axisTitle(axis)} →</text>
${limit !== undefined && limitLine(y.scale.at(limit))}
${series.map((each) => lines(each, x.scale, y.scale))}
</svg>`;
}

function limitLine(at: number): Markup {
  return html`<line class="limit" x1="${margin.left}" x2="${size.width - margin.right}" y1="${place(at)}" y2="${place(at)}"/>`;
}

function valuesOf({ measured, repeats, predicted }: SweepReading): readonly number[] {
  return [measured, ...repeats, ...(predicted === undefined || !Number.isFinite(predicted) ? [] : [predicted])];
}

type Axis = { readonly scale: Scale; readonly isLog: boolean };

/** From nothing to all. */
const shareAxis: Axis = { scale: linearScale(1.02, size.height - margin.bottom, margin.top + 6), isLog: false };

/** Logarithmic if the values are far apart, else from 0. */
function scaleFor(values: readonly number[], start: number, end: number): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low >= leastRatio) return { scale: logScale(low / 1.15, high * 1.15, start, end), isLog: true };
  return { scale: linearScale(high > 0 ? high * 1.08 : 1, start, end), isLog: false };
}

/** At so many values, lines at each of them would be a hatching. */
const mostMeasured = 12;

/** At the values that were measured, as far as their labels have room; of many, at round values instead. */
function acrossTicks({ scale, isLog }: Axis, readings: readonly SweepReading[], axis: string): Markup {
  const measured = [...new Set(readings.map(({ at }) => at))].sort((a, b) => a - b);
  const round = () => (isLog ? logTicks(scale, mostTicks) : linearTicks(scale));
  const values = measured.length > mostMeasured ? round() : measured;
  const bottom = size.height - margin.bottom;
  const labelled = spacedOut(values.map((value) => scale.at(value)));
  return html`${values.map((value, index) => {
    const at = place(scale.at(value));
    return html`<line class="grid" x1="${at}" x2="${at}" y1="${margin.top}" y2="${bottom}"/>${
      labelled.has(index) &&
      html`<text class="tick" x="${at}" y="${bottom + 16}" text-anchor="middle">${axisText(axis, value)}</text>`
    }\n`;
  })}`;
}

const labelWidth = 46;

/** The indices of places that lie far enough apart, from the last back: the ends of an axis are what is looked for. */
function spacedOut(places: readonly number[]): ReadonlySet<number> {
  const kept = new Set<number>();
  let next = Number.POSITIVE_INFINITY;
  for (const index of [...places.keys()].reverse()) {
    if (next - places[index]! < labelWidth) continue;
    kept.add(index);
    next = places[index]!;
  }
  return kept;
}

function upTicks({ scale, isLog }: Axis, unit: SweepPanel['unit']): Markup {
  const all = isLog ? logTicks(scale, mostTicks) : linearTicks(scale);
  const ticks = all.length > mostTicks ? all.filter((_, index) => index % 2 === 0) : all;
  return html`${ticks.map((tick) => {
    const at = scale.at(tick);
    return html`<line class="grid" x1="${margin.left}" x2="${size.width - margin.right}" y1="${place(at)}" y2="${place(at)}"/>
<text class="tick" x="${margin.left - 6}" y="${place(at + 4)}" text-anchor="end">${formatParameter(tick, unit)}</text>\n`;
  })}`;
}

function lines({ transport, readings }: SweepSeries, x: Scale, y: Scale): Markup {
  const through = (of: (reading: SweepReading) => number | undefined) =>
    readings
      .flatMap((reading) => {
        const value = of(reading);
        return value === undefined || !(value > 0) || !Number.isFinite(value)
          ? []
          : [`${place(x.at(reading.at))},${place(y.at(value))}`];
      })
      .join(' ');
  const dash = transportStyles[transport].dash.join(' ');
  return html`<g class="${transport}"><polyline class="model" points="${through(({ predicted }) => predicted)}"/>
<polyline class="curve" points="${through(({ measured }) => measured)}" stroke-dasharray="${dash}"/>
${readings.flatMap(({ at, repeats, measured }) => [
  ...repeats.map((value) => html`<circle class="repeat" cx="${place(x.at(at))}" cy="${place(y.at(value))}" r="2"/>`),
  html`<circle class="point" cx="${place(x.at(at))}" cy="${place(y.at(measured))}" r="3.5"/>`,
])}</g>\n`;
}

function spoken(
  series: readonly SweepSeries[],
  { title, unit }: Pick<SweepPanel, 'title' | 'unit'>,
  axis: string,
): string {
  const said = ({ transport, readings }: SweepSeries) =>
    `${transportTitles[transport]}: ${readings.map(({ at, measured }) => `${formatValue(measured, unit)} at ${axisText(axis, at)}`).join(', ')}.`;
  return [`${title}, by ${axisTitle(axis)}.`, ...series.map(said)].join(' ');
}
