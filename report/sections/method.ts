import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { servingNote } from '../../analysis/figures/cpu-figure.ts';
import { formatFigure } from '../../analysis/figures/figures.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { RouteRecord, Run } from '../../results/schema/schema.ts';
import { html, type Markup } from '../markup/markup.ts';

/** A short description of how the run was measured. */
export function methodSection({ run, scenarios }: RunAnalysis): Markup {
  const caveats = [...new Set(run.trials.flatMap(({ path }) => path.caveats))];
  return html`<section id="method" aria-labelledby="method-title"><h2 id="method-title">Method in brief</h2>
<div class="columns">
<ul>
<li>The same seeded updates, the same bytes and the same clients for every transport; fresh processes for every trial;
transports in random order within each block.</li>
<li>Delivery latency runs from the instant at which the schedule wanted the update to its receipt. Whatever comes late,
also the instrument, makes it larger; no sample is left out. A percentile that the instrument made is not shown.</li>
<li>Bytes are those on the wire, with TCP, IP and Ethernet, where every trial of a scenario counted packets; elsewhere those at
the sockets. Each sentence says which. At the sockets they are encoded updates, and everything else as framing and headers. Polls
after the window are left out.</li>
<li>Server CPU is all that the processes which serve used in the window, divided by the updates that were published.</li>
<li>A trial counts only if its ledger balances: expected = received + replaced by newer, published = accepted, nothing
lost, twice or out of order.</li>
<li>The repeat is the unit of the statistics: Student's t on the logarithms of ratios, paired by block; for server
CPU the scatter of all transports is pooled. Verdicts need three repeats.</li>
${clientWorkItems(scenarios).map((item) => html`<li>${item}</li>\n`)}${pathItems(run).map((item) => html`<li>${item}</li>\n`)}</ul>
${
  caveats.length > 0 &&
  html`<div><h3>What lies between client and server, and what it cannot show</h3>
<ul>${caveats.map((caveat) => html`<li>${caveat}</li>\n`)}</ul></div>`
}
</div></section>`;
}

/** What the clients add to a delivery, from the smallest to the largest of all scenarios; empty if not measured. */
function clientWorkItems(scenarios: readonly ScenarioAnalysis[]): readonly string[] {
  const rows = scenarios.flatMap(({ transports }) => transports);
  const names = [...new Set(rows.map(({ transport }) => transport))];
  const told = names.flatMap((name) => {
    const works = rows.flatMap(({ transport, medians }) =>
      transport === name ? (medians['latency.client'] ?? []) : [],
    );
    if (works.length === 0) return [];
    const ends = [Math.min(...works), Math.max(...works)].map((ms) => formatFigure('latency.client', ms));
    return `${transportTitles[name]} ${[...new Set(ends)].join(' to ')}`;
  });
  if (told.length === 0) return [];
  return [
    `What the clients’ own libraries add to a delivery, measured by an echo inside the process: ${told.join(', ')}. A ` +
      'difference in latency no larger than that gets no verdict.',
  ];
}

/** Notes on the kinds of path in this run only. */
function pathItems({ record, trials }: Run): readonly string[] {
  const routes = record.plan.routes ?? [];
  const has = (of: (route: RouteRecord) => unknown) => routes.some(of);
  const items: readonly (string | false)[] = [
    routes.length > 1 &&
      'Each block has every transport over every path, in random order. A path is compared with the first one, or with the one that ' +
        'its row names because it differs from that in one thing only, by ratios within the blocks, transport by transport; all ' +
        'that is asked of a path is one family (Holm). Whether it changes the order of ' +
        'the transports is asked by comparing them on each path as in the verdicts. Everything else on this page is about the first.',
    has(({ tls }) => tls !== null) &&
      'TLS: version 1.3, with a certificate made for the run. Its bytes are what the sockets carried beyond the plain text, a layer ' +
        'of their own; handshakes are with connecting, outside the window.',
    has(({ http }) => http === 2) &&
      'HTTP/2: one connection for each client, with TLS as browsers ask for. WebSocket begins with HTTP/1.1’s upgrade, so on ' +
        'that path it runs on HTTP/1.1 over TLS.',
    has(({ proxy }) => proxy !== null) &&
      'NGINX is a real one with a generated configuration. Bytes are those between the clients and it. The figures ' +
        'of the nodes are sums.',
    has(({ proxy, nodes }) => proxy !== null || nodes > 1) &&
      `Server CPU, by which transports and paths are judged, is that of ${servingNote}. Each of them is among the figures too.`,
    has(({ headers, cookieBytes }) => headers === 'browser' || cookieBytes > 0) &&
      'A browser’s headers were captured from Chrome, for each transport what it sends there; the clients are no browsers.',
    has(({ compression }) => compression !== null) &&
      'Compression: permessage-deflate for WebSocket, gzip for the others. The payloads are made up: how well they shrink says ' +
        'little about yours.',
    trials.some(({ path }) => path.via !== undefined) &&
      'The clients went through an address of the user’s own; what stands there is not known to the run, and packets are not counted.',
  ];
  return items.filter((item) => item !== false);
}
