import type { Storm, StormRow } from '../../analysis/events/storms.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { html, type Markup } from '../markup/markup.ts';
import { linearScale, linearTicks, logScale, logTicks, place, type Scale } from '../markup/scale.ts';
import { transportStyles } from '../markup/theme.ts';

const width = 860;
const height = 300;
const margin = { left: 52, right: 18, top: 14, bottom: 46 };

/** From this factor between the soonest and the latest on, time is logarithmic. */
const wideRange = 15;

/** Of the clients that were cut and came back, the share that was back by when, a line for each transport. Static. */
export function stormSvg({ rows }: Storm): Markup {
  const drawn = rows.filter(({ back }) => back.length > 0);
  const times = drawn.flatMap(({ back }) => back.map(({ ms }) => ms)).filter((ms) => ms > 0);
  if (times.length === 0) return html``;
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const ends = [margin.left, width - margin.right] as const;
  const isWide = high / low > wideRange;
  const x = isWide ? logScale(low / 1.3, high * 1.3, ...ends) : linearScale(high * 1.05, ...ends);
  return html`<svg class="storm-curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${spoken(drawn)}">
${grid(x, isWide ? logTicks(x, 10) : linearTicks(x))}
${[...drawn].sort(solidFirst).map((row) => line(row, x))}</svg>`;
}

/** So that a dashed line on top of a solid one is still seen. */
function solidFirst(a: StormRow, b: StormRow): number {
  return transportStyles[a.transport].dash.length - transportStyles[b.transport].dash.length;
}

function y(share: number): number {
  return height - margin.bottom - share * (height - margin.top - margin.bottom);
}

function grid(x: Scale, ticks: readonly number[]): Markup {
  const [left, right, bottom] = [margin.left, width - margin.right, height - margin.bottom];
  return html`${ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${place(x.at(tick))}" x2="${place(x.at(tick))}" y1="${margin.top}" y2="${bottom}"/>
<text x="${place(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${formatParameter(tick, 'ms')}</text>\n`,
  )}${[0, 0.5, 1].map(
    (share) => html`<line class="grid" x1="${left}" x2="${right}" y1="${place(y(share))}" y2="${place(y(share))}"/>
<text x="${left - 8}" y="${place(y(share) + 4)}" text-anchor="end">${share * 100}%</text>\n`,
  )}<text x="${(left + right) / 2}" y="${height - 6}" text-anchor="middle">after the cut →</text>`;
}

function line({ transport, back }: StormRow, x: Scale): Markup {
  const points = back.map(({ share, ms }) => `${place(x.at(Math.max(x.low, ms)))},${place(y(share))}`).join(' ');
  const dash = transportStyles[transport].dash.join(' ') || 'none';
  return html`<polyline class="line ${transport}" points="${points}" stroke-dasharray="${dash}"/>\n`;
}

function spoken(rows: readonly StormRow[]): string {
  const said = rows.map(
    ({ transport, p50Ms, lastMs }) =>
      `${transportTitles[transport]}: half after ${formatParameter(p50Ms ?? 0, 'ms')}, all after ${formatParameter(lastMs ?? 0, 'ms')}`,
  );
  return `Of the clients that were cut and came back, the share that was back, over time. ${said.join('. ')}.`;
}
