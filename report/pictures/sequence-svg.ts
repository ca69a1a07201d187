import type { Sequence } from '../../analysis/events/sequence.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { html, type Markup } from '../markup/markup.ts';
import { place } from '../markup/scale.ts';
import { sequenceText } from '../sentences/sequence-text.ts';
import {
  type Arrow,
  type ArrowKind,
  bandWidth,
  columns,
  type Dot,
  dotRadius,
  heightsOf,
  limits,
  marksOf,
} from './sequence-marks.ts';

const height = limits.bottom + 8;
/** Lengths of arrow heads, which are half as wide to each side. */
export const headLengths: Readonly<Record<ArrowKind, number>> = {
  ask: 5,
  nothing: 5,
  acknowledgement: 5,
  other: 5,
  input: 6,
  publish: 9,
  news: 9,
};
/**
 * Drawn in this order, so that what matters lies on top. An acknowledgement often leaves together with news: its dots
 * are seen on top of that line.
 */
const order: readonly ArrowKind[] = ['nothing', 'ask', 'other', 'input', 'publish', 'news', 'acknowledgement'];

/**
 * An exchange to scale: time runs downwards, client on the left, server on the right, other clients beyond it if they
 * publish.
 */
export function sequenceSvg(sequence: Sequence): Markup {
  const { transport } = sequence;
  const { arrows, dots, stale, held } = marksOf(sequence);
  const hasOthers = sequence.updates.some(({ by }) => by === 'other');
  const sides = [
    [columns.client, 'client'],
    [columns.server, 'server'],
    ...(hasOthers ? [[columns.others, 'others'] as const] : []),
  ] as const;
  const band = (kind: string, x: number) => (each: { readonly y: number; readonly height: number }) =>
    html`<rect class="${kind}" x="${x - bandWidth / 2}" y="${place(each.y)}" width="${bandWidth}" height="${place(each.height)}"/>`;
  return html`<svg class="sequence ${transport}" viewBox="0 0 ${hasOthers ? 290 : 250} ${height}" role="img" aria-label="${transportTitles[transport]}: ${sequenceText(sequence)}">
${sides.map(([x, name]) => html`<text class="side" x="${x}" y="14" text-anchor="middle">${name}</text>\n`)}
${ticks(sequence)}
${stale.map(band('stale', columns.client))}
${held.map(band('hold', columns.server))}
${sides.map(([x, name]) => html`<line class="life ${name}" x1="${x}" x2="${x}" y1="${limits.top}" y2="${limits.bottom}"/>\n`)}
${order.flatMap((kind) => arrows.filter((each) => each.kind === kind)).map(arrow)}
${dots.map(dot)}</svg>`;
}

function arrow({ kind, from, to, ends }: Arrow): Markup {
  return html`<path class="${kind}" d="M${place(from.x)},${place(from.y)} L${place(to.x)},${place(to.y)}"/>${
    ends === 'arrives' && html`<path class="head ${kind}" d="${headPath(from, to, headLengths[kind])}"/>`
  }${ends === 'unseen' && html`<path class="cross ${kind}" d="M${place(to.x - 3)},${place(to.y - 3)} l6,6 m0,-6 l-6,6"/>`}\n`;
}

/** A triangle with its tip at the end of the line. */
export function headPath(from: Arrow['from'], to: Arrow['to'], length: number): string {
  const whole = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [((to.x - from.x) / whole) * length, ((to.y - from.y) / whole) * length];
  const corner = (side: number) => `${place(to.x - dx + (side * dy) / 2)},${place(to.y - dy - (side * dx) / 2)}`;
  return `M${place(to.x)},${place(to.y)} L${corner(1)} L${corner(-1)} z`;
}

function dot({ x, y, height: long, count }: Dot): Markup {
  if (count === 1) return html`<circle class="change" cx="${place(x)}" cy="${place(y)}" r="${dotRadius}"/>\n`;
  return html`<rect class="change" x="${x - dotRadius}" y="${place(y - dotRadius)}" width="${2 * dotRadius}" height="${place(long + 2 * dotRadius)}" rx="${dotRadius}"/>
<text class="many" x="${x + dotRadius + 4}" y="${place(y + long / 2 + 4)}">${count}</text>\n`;
}

function ticks({ fromMs, toMs }: Sequence): Markup {
  const at = heightsOf({ fromMs, toMs });
  const stepMs = [100, 200, 500, 1_000, 2_000].find((step) => (toMs - fromMs) / step <= 7) ?? 5_000;
  const count = Math.floor((toMs - fromMs) / stepMs);
  return html`${Array.from({ length: count + 1 }, (_, i) => i * stepMs).map((ms) => {
    const y = place(at(fromMs + ms));
    return html`<line class="grid" x1="${columns.client - 14}" x2="${columns.server + 20}" y1="${y}" y2="${y}"/>
<text class="tick" x="${columns.client - 20}" y="${Number(y) + 4}" text-anchor="end">${ms === 0 ? '0' : formatParameter(ms, 'ms')}</text>\n`;
  })}`;
}
