import { formatParameter } from '../../analysis/figures/format.ts';
import type { MapMeasure } from '../../analysis/model/map/transport-cost.ts';
import type { MapCell, MapRegion, TransportMap } from '../../analysis/model/map/transport-map.ts';
import type { MapPoint } from '../../analysis/sweep/map-points.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { axisValueText } from '../../scenarios/point.ts';
import { html, type Markup } from '../markup/markup.ts';
import { logScale, logTicks, place, type Scale } from '../markup/scale.ts';

/** In units of the view box; one unit is about a CSS pixel. */
const size = { width: 560, height: 400 };
const margin = { left: 66, right: 12, top: 10, bottom: 46 };

type Frame = { readonly x: Scale; readonly y: Scale };

/**
 * Rates across and tolerances upward, both logarithmic, coloured by the transport that is the cheapest by the model.
 * Rings are loads that were measured, in the colour of the transport that was the cheapest then.
 */
export function mapSvg(map: TransportMap, measure: MapMeasure, points: readonly MapPoint[]): Markup {
  const frame = frameOf(map);
  return html`<svg class="map" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${spoken(map, measure)}">
${map.cells.map((row, up) => bandsOf(row, up, { map, measure, frame }))}
${axes(frame)}
${map.regions[measure].map((region) => label(region, frame))}
${points.map((point) => ring(point, measure, frame))}
</svg>`;
}

function frameOf({ perSecond, tolerancesMs }: TransportMap): Frame {
  return {
    x: logScale(perSecond[0]!, perSecond.at(-1)!, margin.left, size.width - margin.right),
    y: logScale(tolerancesMs[0]!, tolerancesMs.at(-1)!, size.height - margin.bottom, margin.top),
  };
}

type Drawn = { readonly map: TransportMap; readonly measure: MapMeasure; readonly frame: Frame };

/** Neighbours of one colour in a row are one rectangle. */
function bandsOf(row: readonly MapCell[], up: number, { map, measure, frame }: Drawn): Markup {
  const [bottom, top] = edges(map.tolerancesMs, up).map((ms) => frame.y.at(ms)) as [number, number];
  const starts = row.flatMap((cell, at) =>
    at === 0 || cell.cheapest[measure] !== row[at - 1]!.cheapest[measure] ? [at] : [],
  );
  return html`${starts.map((start, index) => {
    const end = (starts[index + 1] ?? row.length) - 1;
    const transport = row[start]!.cheapest[measure];
    const left = frame.x.at(edges(map.perSecond, start)[0]);
    const right = frame.x.at(edges(map.perSecond, end)[1]);
    return html`<rect class="${transport ?? 'none'}" x="${place(left)}" y="${place(top)}" width="${place(right - left)}" height="${place(bottom - top)}"/>`;
  })}\n`;
}

/** A cell reaches half way to its neighbours, by factors, and not beyond the map. */
function edges(steps: readonly number[], at: number): readonly [number, number] {
  const [before, here, after] = [steps[at - 1], steps[at]!, steps[at + 1]];
  return [before === undefined ? here : Math.sqrt(before * here), after === undefined ? here : Math.sqrt(here * after)];
}

function axes({ x, y }: Frame): Markup {
  const bottom = size.height - margin.bottom;
  return html`${logTicks(x, 8).map(
    (tick) =>
      html`<text class="tick" x="${place(x.at(tick))}" y="${bottom + 16}" text-anchor="middle">${axisValueText('updatesPerSecond', tick)}</text>`,
  )}${logTicks(y, 8).map(
    (tick) =>
      html`<text class="tick" x="${margin.left - 7}" y="${place(y.at(tick) + 4)}" text-anchor="end">${formatParameter(tick, 'ms')}</text>`,
  )}<text class="axis-name" x="${(margin.left + size.width) / 2}" y="${size.height - 6}" text-anchor="middle">updates of each channel →</text>\n`;
}

/** Half of the widest label. */
const labelRoom = 60;

/** In the middle of its region, or along the edge of the map that this is close to. */
function label({ transport, middle }: MapRegion, { x, y }: Frame): Markup {
  const [left, right] = [margin.left, size.width - margin.right];
  const across = x.at(middle.perSecond);
  const up = Math.min(Math.max(y.at(middle.toleranceMs), margin.top + 16), size.height - margin.bottom - 10);
  const at =
    across < left + labelRoom
      ? html`x="${left + 6}" text-anchor="start"`
      : across > right - labelRoom
        ? html`x="${right - 6}" text-anchor="end"`
        : html`x="${place(across)}" text-anchor="middle"`;
  return html`<text class="region-name" ${at} y="${place(up + 5)}">${transportTitles[transport]}</text>\n`;
}

function ring({ perSecond, toleranceMs, cheapest }: MapPoint, measure: MapMeasure, { x, y }: Frame): Markup | false {
  const transport: Transport | undefined = cheapest[measure];
  const isInside = perSecond >= x.low && perSecond <= x.high && toleranceMs >= y.low && toleranceMs <= y.high;
  return (
    transport !== undefined &&
    isInside &&
    html`<circle class="ring ${transport}" cx="${place(x.at(perSecond))}" cy="${place(y.at(toleranceMs))}" r="6"/>\n`
  );
}

function spoken({ regions }: TransportMap, measure: MapMeasure): string {
  const by = measure === 'wire' ? 'bytes on the wire' : 'CPU time of the servers';
  return `The cheapest transport by ${by}, over rate of updates and tolerated staleness: ${regions[measure].map(({ transport, reason }) => `${transportTitles[transport]}, because ${reason}`).join('; ')}.`;
}
