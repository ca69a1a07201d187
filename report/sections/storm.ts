import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { type Storm, type StormRow, stormsOf } from '../../analysis/events/storms.ts';
import { formatFigure } from '../../analysis/figures/figures.ts';
import { formatNumber, formatParameter, formatValue, unknownText } from '../../analysis/figures/format.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import type { Run } from '../../results/schema/schema.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { stormSvg } from '../pictures/storm-svg.ts';
import { stormTexts, stormWords } from '../sentences/storm-text.ts';

/** Whether a trial with one has ended, well or not. */
export function hasStorm({ record, trials }: Run): boolean {
  const planned = record.plan.storm !== undefined;
  return trials.some((trial) => (trial.status === 'completed' ? trial.storm !== undefined : planned));
}

/** What happened when connections were cut on purpose: when their clients were back, and whether anything was lost. */
export function stormSection(analysis: RunAnalysis): Markup | false {
  const storms = stormsOf(analysis);
  if (storms.length === 0) return false;
  const hasPaths = analysis.scenarios.some(({ paths }) => paths.length > 1);
  return html`<section id="storm" aria-labelledby="storm-title"><h2 id="storm-title">Reconnect storm</h2>
<p class="how">Each line of a picture is a transport: of its clients that were cut and came back, the share that was subscribed
again, by the time since each one’s connection ended. Further left is sooner; where a line ends at the top the last one was back.</p>
<p class="how why">Whoever comes back has to connect again, with the handshakes of its path, and tells the version it had; the server
sends what it missed. Clients that wait before they try again spread the storm and are back later. What coming back took is not
measured apart: the table counts the connections that clients made in the window, and beside them stands what connecting cost a client the
first time, which is about what it costs anew (less where a TLS session goes on).</p>
${storms.map((storm) => stormBlock(storm, hasPaths))}
</section>`;
}

function stormBlock(storm: Storm, hasPaths: boolean): Markup {
  const { scenario, route, kind, atMs, rows } = storm;
  const [loss, ...rest] = stormTexts(storm);
  const when = atMs === undefined ? 'In the window' : `${formatParameter(atMs, 'ms')} into the window`;
  return html`<h3>${titleOf(scenario.planned)}${hasPaths && ` on ${route}`}</h3>
<p class="lead"><strong>${loss}</strong></p>
<p class="how">${when} ${stormWords[kind].cause}. ${rest.join(' ')}</p>
${stormSvg(storm)}
${rows.length > 0 && stormTable(storm)}`;
}

function stormTable({ rows, scenario, route }: Storm): Markup {
  const title = `Reconnect storm, ${titleOf(scenario.planned)}, ${route}`;
  const heads = [
    'clients cut',
    'half back',
    '99% back',
    'last back',
    'all caught up',
    'missed meanwhile',
    'lost',
    'connections made',
    'bytes of a first connect',
    'CPU/update',
  ];
  return scrollable(
    title,
    html`<table><caption>${title}. Clients, missed, lost and connections: all repeats that completed together; caught up: from the first cut
 until the last client had everything, the slowest repeat; bytes per client when it first connected, CPU of all that serves over the whole window: medians of the valid repeats.</caption>
<thead><tr><th scope="col">Transport</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(tableRow)}</tbody></table>`,
  );
}

function tableRow(row: StormRow): Markup {
  const time = (ms: number | undefined) => (ms === undefined ? unknownText : formatValue(ms, 'ms'));
  const made = row.connectionsMade === undefined ? unknownText : formatNumber(row.connectionsMade);
  return html`<tr><th scope="row">${named(row.transport)}</th><td>${formatNumber(row.clientsCut)} of ${formatNumber(row.clients)}</td><td>${time(row.p50Ms)}</td>
<td>${time(row.p99Ms)}</td><td>${time(row.lastMs)}</td><td>${row.behind > 0 ? `${formatNumber(row.behind)} never` : time(row.caughtUpMs)}</td><td>${formatNumber(row.missedUpdates)}</td>
<td${row.lost > 0 && html` class="lost"`}>${formatNumber(row.lost)}</td><td>${made}</td><td>${formatFigure('bytes.setUp', row.bytesToConnect)}</td>
<td>${formatFigure('cpu.serving.update', row.cpuPerUpdateMs)}</td></tr>\n`;
}
