import type { Message, Sequence } from '../../analysis/events/sequence.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { html, type Markup } from '../markup/markup.ts';
import { place } from '../markup/scale.ts';

const width = 250;
const height = 470;
/** Where the two sides stand. */
const client = 88;
const server = 218;
const top = 26;
const bottom = height - 8;
const bandWidth = 9;

type At = (ms: number) => number;

/** One exchange, to scale: time runs downwards, the client at the left, the server at the right. */
export function sequenceSvg(sequence: Sequence): Markup {
  const { fromMs, toMs, transport } = sequence;
  const at: At = (ms) => Math.max(top, Math.min(bottom, top + ((ms - fromMs) / (toMs - fromMs)) * (bottom - top)));
  return html`<svg class="sequence ${transport}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${spoken(sequence)}">
<text class="side" x="${client}" y="14" text-anchor="middle">client</text>
<text class="side" x="${server}" y="14" text-anchor="middle">server</text>
${ticks(sequence, at)}
${staleBands(sequence, at)}
${sequence.holds.map(
  ({ fromMs: from, toMs: to }) =>
    html`<rect class="hold" x="${server - bandWidth / 2}" y="${place(at(from))}" width="${bandWidth}" height="${place(at(to) - at(from))}"/>`,
)}
<line class="life" x1="${client}" x2="${client}" y1="${top}" y2="${bottom}"/>
<line class="life" x1="${server}" x2="${server}" y1="${top}" y2="${bottom}"/>
${sequence.messages.filter((message) => !carries(message)).map((message) => arrow(message, at))}
${sequence.messages.filter(carries).map((message) => arrow(message, at))}
${sequence.updates
  .filter(({ intendedMs }) => intendedMs >= fromMs && intendedMs <= toMs)
  .map(
    ({ intendedMs }) => html`<circle class="change" cx="${server + 14}" cy="${place(at(intendedMs))}" r="4"/>\n`,
  )}</svg>`;
}

function carries({ version, direction }: Message): boolean {
  return direction === 'down' && version !== null;
}

function arrow(message: Message, at: At): Markup {
  const [from, to] = message.direction === 'up' ? [client, server] : [server, client];
  const kind = carries(message) ? 'news' : message.direction === 'up' ? 'ask' : 'nothing';
  const [y1, y2] = [place(at(message.sentMs)), place(at(message.receivedMs))];
  const head = from < to ? -5 : 5;
  return html`<path class="${kind}" d="M${from},${y1} L${to},${y2}"/>${
    kind === 'news' && html`<path class="head" d="M${to},${y2} l${head * 1.6},-4 v8 z"/>`
  }\n`;
}

/** While the client does not know what has happened. */
function staleBands({ updates }: Sequence, at: At): Markup {
  return html`${updates.map(
    ({ intendedMs, knownMs }) =>
      html`<rect class="stale" x="${client - bandWidth / 2}" y="${place(at(intendedMs))}" width="${bandWidth}" height="${place(Math.max(1.5, at(knownMs) - at(intendedMs)))}"/>`,
  )}`;
}

function ticks({ fromMs, toMs }: Sequence, at: At): Markup {
  const stepMs = [100, 200, 500, 1_000, 2_000].find((step) => (toMs - fromMs) / step <= 7) ?? 5_000;
  const count = Math.floor((toMs - fromMs) / stepMs);
  return html`${Array.from({ length: count + 1 }, (_, i) => i * stepMs).map((ms) => {
    const y = place(at(fromMs + ms));
    return html`<line class="grid" x1="${client - 14}" x2="${server + 20}" y1="${y}" y2="${y}"/>
<text class="tick" x="${client - 20}" y="${Number(y) + 4}" text-anchor="end">${ms === 0 ? '0' : formatParameter(ms, 'ms')}</text>\n`;
  })}`;
}

function spoken({ transport, messages, updates, fromMs, toMs }: Sequence): string {
  const polls = messages.filter(({ direction }) => direction === 'up').length;
  const news = messages.filter(carries).length;
  const asked = polls > 0 ? `the client asked ${polls} times, ` : '';
  return (
    `${transportTitles[transport]}: in ${formatParameter(Math.round(toMs - fromMs), 'ms')} with ${updates.length} changes ` +
    `${asked}the server sent news ${news} times.`
  );
}
