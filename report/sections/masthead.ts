import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { capitalised } from '../../analysis/figures/route-phrase.ts';
import { routeNames } from '../../analysis/figures/run-routes.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import type { Run, RunRecord } from '../../results/schema/schema.ts';
import { anchorOf, html, type Markup } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { questionTexts } from '../sentences/question-text.ts';
import { pathsText, runPath } from '../sentences/run-path.ts';
import { hasProxy } from './proxy.ts';
import { hasStorm } from './storm.ts';

/** Explains each transport in a few words. */
const inShort: Readonly<Record<Transport, string>> = {
  'short-polling': 'asks again and again',
  'long-polling': 'the answer waits for news',
  sse: 'one answer that never ends',
  websocket: 'both ends send at will',
};

const statusWords: Readonly<Record<RunRecord['status'], string>> = {
  completed: 'completed',
  running: 'still running',
  interrupted: 'interrupted',
};

/** Title, what was run and when, whether it ended, and the key to all charts. */
export function masthead({ run, scenarios, warnings }: RunAnalysis): Markup {
  const { record } = run;
  const unfinished = warnings.find(({ code }) => code === 'interrupted' || code === 'running');
  return html`<header class="masthead">
<div class="bar"><p class="overline">polling-vs-websocket</p><button type="button" id="theme">Theme</button></div>
<h1>What does it cost to keep a client up to date, and what does each way of doing it buy?</h1>
<section id="question" aria-label="The question"><p class="lead">${questionTexts({ run })[0]}</p>
<p class="lead">${questionTexts({ run }).slice(1).join(' ')}</p></section>
<p class="run"><strong>${record.name}</strong> <span class="status ${record.status}">${statusWords[record.status]}</span>
<span>${record.startedAt.slice(0, 16).replace('T', ' ')} UTC</span>
<span>${run.trials.length} of ${record.plan.trials} trials</span>
<span>${record.environment.cores} cores, ${record.environment.cpuModel}</span>${pathNote(run)}</p>
${unfinished && html`<p class="notice caution" role="status">${unfinished.text}</p>`}
<ul class="key" aria-label="Key: colour and dash of each transport">
${transports
  .filter((transport) => record.plan.transports.includes(transport))
  .map((transport) => html`<li>${named(transport)} <span class="muted">${inShort[transport]}</span></li>\n`)}</ul>
<nav aria-label="Contents"><ul>
<li><a href="#verdict">Verdict</a></li>
${routeNames(record).length > 1 && html`<li><a href="#paths">The paths side by side</a></li>\n`}${hasStorm(run) && html`<li><a href="#storm">Reconnect storm</a></li>\n`}<li><a href="#decision">Which one for which need</a></li>
${scenarios.map(({ planned }, index) => html`<li><a href="#${anchorOf(index)}">${titleOf(planned)}</a></li>\n`)}
${hasProxy(run) && html`<li><a href="#proxy">The proxy</a></li>\n`}<li><a href="#figures">Every figure</a></li><li><a href="#method">Method</a></li>
<li><a href="#doubts">Warnings</a></li><li><a href="#origin">How to repeat it</a></li><li><a href="#data-files">The data</a></li>
</ul></nav>
</header>`;
}

/** A direct path is not mentioned. */
function pathNote(run: Run): Markup | false {
  const several = pathsText(run);
  if (several !== undefined) return html` <span>Paths: ${several}</span>`;
  const { phrase } = runPath(run);
  return phrase !== undefined && html` <span>${capitalised(phrase)}</span>`;
}
