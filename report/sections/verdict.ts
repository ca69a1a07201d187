import type { Comparison, Question } from '../../analysis/comparison.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/run-analysis.ts';
import { type Answer, answersOf, noVerdictReason, sentenceParts } from '../../analysis/verdict.ts';
import type { Transport } from '../../protocol/transport.ts';
import { loadText } from '../facts.ts';
import { html, type Markup } from '../markup.ts';
import { type IntervalScale, intervalAxis, intervalScale, intervalSvg } from './interval.ts';
import { swatch } from './swatch.ts';

const asked: Readonly<Record<Question, { readonly title: string; readonly figure: string }>> = {
  freshness: { title: 'How soon does an update arrive?', figure: 'median delivery latency' },
  bytes: { title: 'How many bytes does a client cost?', figure: 'bytes per client and minute' },
  'server-cpu': { title: 'What does the server pay?', figure: 'server CPU per published update' },
};

/** The sentences that the whole page is about, first those with enough repeats to be judged. */
export function verdictSection(analysis: RunAnalysis): Markup {
  const { scenarios, reference, run } = analysis;
  const judged = scenarios.filter(({ comparisons }) => answersOf(comparisons, reference).length > 0);
  const unjudged = scenarios.filter((scenario) => !judged.includes(scenario));
  return html`<section id="verdict" aria-labelledby="verdict-title">
<h2 id="verdict-title">Verdict</h2>
${judged.map((scenario) => scenarioVerdict(scenario, reference, run.record.plan.rttMs))}
${
  judged.length > 0 &&
  html`<p class="reading">The line to the right of a sentence is its ratio with the 95% interval: left of the rule is less,
right of it is more. Repeats are paired by block; a difference is claimed only if it holds at 5% among all comparisons
of its family (Holm).</p>`
}
${
  unjudged.length > 0 &&
  html`<ul class="unjudged">${unjudged.map(
    (scenario) => html`<li><strong>${scenario.planned.scenario.title}.</strong> ${noVerdictReason(scenario)}</li>\n`,
  )}</ul>`
}
</section>`;
}

function scenarioVerdict({ planned, comparisons }: ScenarioAnalysis, reference: Transport, rttMs: number): Markup {
  return html`<h3>${planned.scenario.title}</h3>
<p class="muted load">${loadText(planned, rttMs)}</p>
<div class="answers">${answersOf(comparisons, reference).map(answerBlock)}</div>`;
}

function answerBlock(answer: Answer): Markup {
  const { title, figure } = asked[answer.question];
  const scale = intervalScale([...answer.againstReference, ...answer.among]);
  const ties = answer.among.filter(({ outcome }) => outcome === 'cannot-tell');
  const clear = answer.among.filter((each) => !ties.includes(each));
  return html`<section class="answer">
<div class="asked"><h4>${title}</h4><p class="muted">${figure}</p></div>
<div class="said">
<ul class="sentences">${[...answer.againstReference, ...ties].map((each) => sentence(each, scale))}</ul>
<div class="axis-row" aria-hidden="true">${intervalAxis(scale)}</div>
${
  clear.length > 0 &&
  html`<details data-folded open><summary>The others among each other</summary>
<ul class="sentences among">${clear.map((each) => sentence(each, scale))}</ul></details>`
}
</div>
</section>`;
}

function sentence(comparison: Comparison, scale: IntervalScale): Markup {
  const [before, size, after] = sentenceParts(comparison);
  return html`<li class="${comparison.outcome === 'cannot-tell' ? 'tie' : 'clear'}">${swatch(comparison.transport)}
<span>${before}<strong>${size}</strong>${keepInterval(after)}</span>${intervalSvg(comparison, scale)}</li>\n`;
}

/** A line never breaks within the interval. */
function keepInterval(text: string): string {
  return text.replace(/\([^)]*\)/, (interval) => interval.replaceAll(' ', '\u00a0'));
}
