import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { servingNote } from '../../analysis/figures/cpu-figure.ts';
import type { FigureKey } from '../../analysis/figures/figures.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { balancingWords, routePhrase } from '../../analysis/figures/route-phrase.ts';
import { routeNamed, routeNames, routeOf } from '../../analysis/figures/run-routes.ts';
import type { PathAnalysis } from '../../analysis/validity/assessment.ts';
import { shownIn } from '../../analysis/validity/mistakes.ts';
import { listed } from '../../analysis/verdict/headline.ts';
import { nameWithin } from '../../analysis/verdict/verdict.ts';
import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import type { ProxyRecord, RouteRecord, Run } from '../../results/schema/schema.ts';
import { html, type Markup, trusted } from '../markup/markup.ts';
import { place } from '../markup/scale.ts';
import { named } from '../markup/swatch.ts';
import { valueTable } from '../markup/value-table.ts';
import { configurationLines } from '../sentences/configuration-text.ts';

/** Whether any path of a run has a proxy that the run started. */
export function hasProxy({ record }: Run): boolean {
  return record.plan.routes?.some(({ proxy }) => proxy !== null) ?? false;
}

/** What stood between clients and nodes: its configuration with comments, and how it spread the clients. */
export function proxySection(analysis: RunAnalysis): Markup | false {
  const { run } = analysis;
  if (!hasProxy(run)) return false;
  const routes = routeNames(run.record).flatMap((name) => routeNamed(run.record, name) ?? []);
  return html`<section id="proxy" aria-labelledby="proxy-title"><h2 id="proxy-title">The proxy</h2>
${routes.filter(({ proxy }) => proxy !== null).map((route) => routeBlock(route, analysis))}
</section>`;
}

function routeBlock(route: RouteRecord, analysis: RunAnalysis): Markup {
  const records = proxiesOver(route, analysis);
  const first = records[0]?.proxy;
  const configuration = configurationOf(route, records, analysis);
  const mistake = route.proxy?.mistake ?? undefined;
  return html`<h3>${route.name}: ${routePhrase(route)}</h3>
${first ? html`<p class="how">${aboutText(route, first)}</p>` : html`<p class="notice">No trial over this path has completed.</p>`}
${mistake !== undefined && exhibit(mistake, route, analysis)}
${records.length > 0 && route.nodes > 1 && spread(records)}
${records.length > 0 && cpuTables(route, analysis)}
${
  configuration !== undefined &&
  html`<details data-folded open><summary>Its configuration, as it was generated</summary>
<p class="how">${mistake === undefined ? 'Take from it what your own proxy lacks.' : 'The mistake is in it: not one to copy.'}</p>
<pre class="conf" tabindex="0" aria-label="Configuration of ${route.name}">${configurationMarkup(configuration)}</pre></details>`
}`;
}

/** CPU cost of serving: in total and for each process. */
function cpuTables({ name }: RouteRecord, { scenarios }: RunAnalysis): readonly Markup[] {
  return scenarios.flatMap((scenario) =>
    scenario.paths
      .filter(({ route, transports }) => route === name && transports.some(({ valid }) => valid.length > 0))
      .map(({ transports }) =>
        valueTable(
          { ...scenario, transports },
          servingFigures,
          `What serving costs on ${name} (server CPU: ${servingNote})${scenarios.length > 1 ? `, ${titleOf(scenario.planned)}` : ''}`,
        ),
      ),
  );
}

const servingFigures: readonly FigureKey[] = [
  'cpu.serving.update',
  'cpu.nodes.update',
  'cpu.proxy.update',
  'cpu.backplane.update',
  'cpu.serving',
  'cpu.nodes',
  'cpu.proxy',
  'cpu.backplane',
  'connections.upstream',
];

type ProxiedTrial = {
  readonly transport: PathAnalysis['transports'][number]['transport'];
  readonly proxy: ProxyRecord;
};

/** Of each completed trial over the path, the first scenarios first. */
function proxiesOver(route: RouteRecord, { scenarios }: RunAnalysis): readonly ProxiedTrial[] {
  return scenarios
    .flatMap(({ paths }) => paths.filter((path) => path.route === route.name))
    .flatMap(({ transports }) =>
      transports.flatMap(({ transport, completed }) =>
        completed.flatMap(({ trial }) => (trial.proxy ? [{ transport, proxy: trial.proxy }] : [])),
      ),
    );
}

/** Taken from the first trial that recorded it, which may be a failed one. */
function configurationOf(
  { name }: RouteRecord,
  records: readonly ProxiedTrial[],
  { run }: RunAnalysis,
): string | undefined {
  const kept = records.flatMap(({ proxy }) => proxy.configuration ?? []);
  const failed = run.trials.flatMap((trial) =>
    trial.status === 'failed' && routeOf(trial) === name ? (trial.proxyConfiguration ?? []) : [],
  );
  return [...kept, ...failed][0];
}

function aboutText({ proxy, nodes }: RouteRecord, { version, workers }: ProxyRecord): string {
  const counted = nodes === 1 ? 'one node' : `${nodes} nodes`;
  const balanced = proxy && nodes > 1 ? `, chosen by ${balancingWords[proxy.balancing]}` : '';
  return `NGINX ${version} with ${workers === 1 ? 'one worker' : `${workers} workers`}, in front of ${counted}${balanced}.`;
}

/** A bar for each node; transports that were spread alike share one picture. */
function spread(records: readonly ProxiedTrial[]): Markup {
  const pictures = [...new Set(records.map(({ proxy }) => proxy.clientsByNode.join(' ')))].map((key) => {
    const alike = records.filter(({ proxy }) => proxy.clientsByNode.join(' ') === key);
    return { counts: alike[0]!.proxy.clientsByNode, transports: [...new Set(alike.map(({ transport }) => transport))] };
  });
  return html`<h4>How the clients spread over the nodes</h4>
<div class="nodes">${pictures.map(({ counts, transports }) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const most = Math.max(1, ...counts);
    return html`<div><p class="how">${transports.map((transport) => html`${named(transport)} `)}</p><ul>${counts.map(
      (
        count,
        node,
      ) => html`<li>node ${node + 1}<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect
x="0" y="0" width="${place((count / most) * 100)}" height="10"/></svg><span class="sum">${shareText(count, total)}</span></li>\n`,
    )}</ul></div>\n`;
  })}</div>`;
}

function shareText(count: number, total: number): string {
  const share = total > 0 ? `, ${Math.round((count / total) * 100)}%` : '';
  return `${count.toLocaleString('en-US')}${share}`;
}

/** The mistake: its usual symptom, what happened in this run, and the fix. */
function exhibit(mistake: keyof typeof mistakeTexts, route: RouteRecord, analysis: RunAnalysis): Markup {
  const { title, symptom, cure, hits } = mistakeTexts[mistake];
  const seen = seenHere(route, mistake, analysis);
  return html`<div class="exhibit"><h4>${title}</h4>
<p>A mistake on purpose: <code>${mistake}</code> hits ${listed(hits.map(nameWithin), 'and')}.</p>
<dl><dt>What it looks like</dt><dd>${symptom}</dd>
<dt>What happened here</dt><dd>${seen.length > 0 ? html`<ul>${seen.map((text) => html`<li>${text}</li>\n`)}</ul>` : 'Nothing that stops a trial: it shows in what it costs, below.'}</dd>
<dt>What mends it</dt><dd>${cure}</dd></dl></div>`;
}

/** Each reason once: failures, then warnings of completed trials. The general symptom of the mistake is shown above. */
function seenHere(
  { name }: RouteRecord,
  mistake: keyof typeof mistakeTexts,
  { run, scenarios }: RunAnalysis,
): readonly string[] {
  const { hits } = mistakeTexts[mistake];
  const failed = run.trials.flatMap((trial) =>
    trial.status === 'failed' && routeOf(trial) === name && hits.includes(trial.transport)
      ? [`${nameWithin(trial.transport)}, ${trial.stage}: ${trial.reason}`]
      : [],
  );
  const rows = scenarios.flatMap(({ paths }) =>
    paths.filter(({ route }) => route === name).flatMap(({ transports }) => transports),
  );
  const warned = rows
    .filter(({ transport }) => hits.includes(transport))
    .flatMap(({ transport, completed }) =>
      completed.flatMap(({ warnings }) =>
        warnings
          .filter(({ code }) => code !== 'few-updates' && code !== 'cold')
          .map(({ text }) => `${nameWithin(transport)}: ${text}`),
      ),
    );
  const shown = rows.flatMap(({ transport, completed }) =>
    shownIn(completed.map(({ trial }) => trial)).map((text) => `${nameWithin(transport)}: ${text}`),
  );
  return [...new Set([...failed, ...shown, ...warned])].slice(0, 8);
}

/** The text as it was, line by line, comments apart. Only the spaces of its indentation are not escaped. */
function configurationMarkup(configuration: string): readonly Markup[] {
  return configurationLines(configuration).map(
    ({ indent, code, comment }) =>
      html`${trusted(' '.repeat(indent))}${code}${comment !== '' && html`<span class="comment">${comment}</span>`}${trusted('\n')}`,
  );
}
