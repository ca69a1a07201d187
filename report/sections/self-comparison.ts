import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import {
  type FalseDifferences,
  type SelfComparison,
  selfComparisonTexts,
} from '../../analysis/comparison/self-comparison.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { loadText } from '../sentences/facts.ts';
import { type RunPath, scenarioPath } from '../sentences/run-path.ts';

/** Replaces the verdicts when a transport ran against itself: how often chance was taken for a difference. */
export function selfComparisonSection({ run, reference, scenarios }: RunAnalysis): Markup {
  return html`<section id="verdict" aria-labelledby="verdict-title">
<h2 id="verdict-title">${transportTitles[reference]} against itself</h2>
<p class="reading">Arms A and B of each block are the same transport, so every difference that is found between them is a
false one. Three blocks at a time are compared as two transports would be. Tests at 5% should be wrong about one time in
twenty before Holm’s correction, and more rarely after it (server CPU is one test by itself, with nothing to correct); much more would mean that verdicts claim too much.</p>
${scenarios.map((scenario) => armsBlock(scenario, scenarioPath(scenario.planned, run)))}
</section>`;
}

function armsBlock({ planned, arms }: ScenarioAnalysis, path: RunPath): Markup {
  return html`<h3>${titleOf(planned)}</h3>
<p class="muted load">${loadText(planned, path)}</p>
${arms && html`<p>${selfComparisonTexts(arms)[0]}</p>${arms.total.tests > 0 && table(arms)}`}`;
}

function table({ byQuestion, total }: SelfComparison): Markup {
  const rows: readonly (readonly [string, FalseDifferences])[] = [
    ['Delivery latency, median', byQuestion.freshness],
    ['Bytes', byQuestion.bytes],
    ['Server CPU', byQuestion['server-cpu']],
    ['All', total],
  ];
  return scrollable(
    'False differences',
    html`<table><caption>False differences</caption><thead><tr><th scope="col">Figure</th><th scope="col">Tests</th>
<th scope="col">Different before Holm</th><th scope="col">after</th></tr></thead><tbody>${rows.map(
      ([name, { tests, beforeHolm, afterHolm }]) => html`<tr><th scope="row">${name}</th><td>${tests}</td>
<td>${beforeHolm}</td><td>${afterHolm}</td></tr>\n`,
    )}</tbody></table>`,
  );
}
