import type { RunAnalysis, WarningGroup } from '../../analysis/comparison/run-analysis.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { routeNames, routeOf } from '../../analysis/figures/run-routes.ts';
import { isInvalid, type Warning } from '../../analysis/validity/warning.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { FailedTrial, Run } from '../../results/schema/schema.ts';
import { scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { failureReason } from '../sentences/failure-text.ts';
import { onPaths } from '../sentences/outcome-text.ts';

/** What speaks against the numbers, and the trials that have none. */
export function doubtsSection({ run, warnings, trialWarnings, scenarios }: RunAnalysis): Markup {
  const failed = run.trials.filter((trial) => trial.status === 'failed');
  const titles = new Map(scenarios.map(({ planned }) => [scenarioKey(scenarioAt(planned)), titleOf(planned)]));
  const nothing = warnings.length + trialWarnings.length === 0;
  return html`<section id="doubts" aria-labelledby="doubts-title"><h2 id="doubts-title">Warnings</h2>
${nothing && html`<p>None: every trial ended, every ledger balanced, nothing was saturated or late.</p>`}
${!nothing && html`<ul class="warnings">${warnings.map(runWarning)}${trialWarnings.map((group) => trialWarning(group, run))}</ul>`}
${failed.length > 0 && failures(failed, titles, routeNames(run.record).length > 1)}
</section>`;
}

function runWarning(warning: Warning): Markup {
  return html`<li class="${className(warning)}"><strong>${label(warning)}</strong> <span>${withOptions(warning.text)}</span></li>\n`;
}

function trialWarning({ planned, warning, text, trials }: WarningGroup, run: Run): Markup {
  const which = `${countedTransports(trials.map(({ transport }) => transport))}${onPaths(run, trials)}`;
  const where = `${titleOf(planned)}: ${which}.`;
  return html`<li class="${className(warning)}"><strong>${label(warning)}</strong> <span>${where} ${withOptions(text)}</span></li>\n`;
}

/** Options of the command, such as `--duration`, as code. */
function withOptions(text: string): readonly Markup[] {
  return text.split(/(--[a-z-]+)/).map((part) => (part.startsWith('--') ? html`<code>${part}</code>` : html`${part}`));
}

/** `Short polling ×3, SSE`. */
function countedTransports(transports: readonly Transport[]): string {
  return [...new Set(transports)]
    .map((transport) => {
      const count = transports.filter((each) => each === transport).length;
      return `${transportTitles[transport]}${count > 1 ? ` ×${count}` : ''}`;
    })
    .join(', ');
}

function label(warning: Warning): string {
  return isInvalid(warning) ? 'Invalid' : 'Caution';
}

function className(warning: Warning): string {
  return isInvalid(warning) ? 'notice invalid' : 'notice caution';
}

function failures(failed: readonly FailedTrial[], titles: ReadonlyMap<string, string>, hasPaths: boolean): Markup {
  return html`<h3>Failed trials</h3>${scrollable(
    'Failed trials',
    html`<table class="text"><thead><tr><th scope="col">Scenario</th><th scope="col">Transport</th>${hasPaths && html`<th scope="col">Path</th>`}<th scope="col">Block</th>
<th scope="col">Stage</th><th scope="col">Reason</th></tr></thead><tbody>${failed.map(
      (trial) => html`<tr><td>${titles.get(scenarioKey(trial)) ?? scenarioKey(trial)}</td>
<td>${named(trial.transport)}</td>${hasPaths && html`<td>${routeOf(trial)}</td>`}<td>${trial.block}</td><td>${trial.stage}</td><td>${failureReason(trial)}</td></tr>\n`,
    )}</tbody></table>`,
  )}`;
}
