import { formatFigure } from '../../analysis/figures.ts';
import { formatNumber, formatParameter, formatValue, unknownText } from '../../analysis/format.ts';
import type { RunAnalysis } from '../../analysis/run-analysis.ts';
import { type Storm, type StormRow, stormsOf } from '../../analysis/storms.ts';
import type { Run, StormRecord } from '../../results/schema.ts';
import { html, type Markup } from '../markup.ts';
import { stormSvg } from '../storm-svg.ts';
import { stormTexts } from '../storm-text.ts';
import { scrollable } from './scrollable.ts';
import { named } from './swatch.ts';

const causes: Readonly<Record<StormRecord['kind'], string>> = {
  'node-killed': 'one of the nodes was killed, and the clients it had came back through the others',
  'proxy-reloaded': 'the proxy was reloaded, and its old workers let their clients go',
};

export function hasStorm({ trials }: Run): boolean {
  return trials.some((trial) => trial.status === 'completed' && trial.storm !== undefined);
}

/** What happened when all clients were cut at once: when they were back, and whether anything was lost. */
export function stormSection(analysis: RunAnalysis): Markup | false {
  const storms = stormsOf(analysis);
  if (storms.length === 0) return false;
  const hasPaths = analysis.scenarios.some(({ paths }) => paths.length > 1);
  return html`<section id="storm" aria-labelledby="storm-title"><h2 id="storm-title">Reconnect storm</h2>
<p class="how">Each line of a picture is a transport: the share of its clients that was subscribed again, by the time since
the cut. Further left is sooner; where a line ends at the top the last one was back.</p>
<p class="how why">Whoever comes back has to connect again, with the handshakes of its path, and tells the version it had; the server
sends what it missed. Clients that wait before they try again spread the storm and are back later.</p>
${storms.map((storm) => stormBlock(storm, hasPaths))}
</section>`;
}

function stormBlock(storm: Storm, hasPaths: boolean): Markup {
  const { scenario, route, kind, atMs } = storm;
  const [loss, ...rest] = stormTexts(storm);
  return html`<h3>${scenario.planned.scenario.title}${hasPaths && ` on ${route}`}</h3>
<p class="lead"><strong>${loss}</strong></p>
<p class="how">${formatParameter(atMs, 'ms')} into the window ${causes[kind]}. ${rest.join(' ')}</p>
${stormSvg(storm)}
${stormTable(storm)}`;
}

function stormTable({ rows, scenario, route }: Storm): Markup {
  const title = `Reconnect storm, ${scenario.planned.scenario.title}, ${route}`;
  const heads = [
    'cut',
    'half back',
    '99% back',
    'last back',
    'all caught up',
    'missed, then brought',
    'lost',
    'bytes to connect',
    'CPU/update',
  ];
  return scrollable(
    title,
    html`<table><caption>${title}. Cut, missed and lost: all repeats together; caught up: the slowest repeat; bytes per client, CPU of all that serves over the whole window.</caption>
<thead><tr><th scope="col">Transport</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(tableRow)}</tbody></table>`,
  );
}

function tableRow(row: StormRow): Markup {
  const time = (ms: number | undefined) => (ms === undefined ? unknownText : formatValue(ms, 'ms'));
  return html`<tr><th scope="row">${named(row.transport)}</th><td>${formatNumber(row.clientsCut)}</td><td>${time(row.p50Ms)}</td>
<td>${time(row.p99Ms)}</td><td>${time(row.lastMs)}</td><td>${time(row.clientsCut > 0 ? row.caughtUpMs : undefined)}</td><td>${formatNumber(row.missedUpdates)}</td>
<td${row.lost > 0 && html` class="lost"`}>${formatNumber(row.lost)}</td><td>${formatFigure('bytes.setUp', row.bytesToConnect)}</td>
<td>${formatFigure('cpu.server.update', row.cpuPerUpdateMs)}</td></tr>\n`;
}
