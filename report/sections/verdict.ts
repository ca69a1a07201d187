import type { Comparison } from '../../analysis/comparison/comparison.ts';
import { isOrdered } from '../../analysis/comparison/outcome.ts';
import { comparedWith, type RunAnalysis, type ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { isServedBySeveral } from '../../analysis/figures/cpu-figure.ts';
import { figures } from '../../analysis/figures/figures.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { figureFor, type Question, questionNames, wordsOf } from '../../analysis/figures/question.ts';
import { type Gap, gapOf } from '../../analysis/verdict/gap.ts';
import { type Headline, headlineOf, listed } from '../../analysis/verdict/headline.ts';
import { type Recommendation, recommend } from '../../analysis/verdict/recommendation.ts';
import { type Answer, answersOf, nameWithin, noVerdictReason, sentenceParts } from '../../analysis/verdict/verdict.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { type IntervalScale, intervalAxis, intervalScale, intervalSvg } from '../markup/interval.ts';
import { html, type Markup } from '../markup/markup.ts';
import { named, swatch } from '../markup/swatch.ts';
import { conditionText, loadText } from '../sentences/facts.ts';
import { scenarioPath } from '../sentences/run-path.ts';
import { gapNote } from './gap-note.ts';

/** The verdicts of all scenarios. Scenarios with enough repeats for a verdict come first. */
export function verdictSection(analysis: RunAnalysis): Markup {
  const { scenarios, reference, run } = analysis;
  const judged = scenarios.filter(({ comparisons }) => answersOf(comparisons, reference).length > 0);
  const unjudged = scenarios.filter((scenario) => !judged.includes(scenario));
  return html`<section id="verdict" aria-labelledby="verdict-title">
<h2 id="verdict-title">Verdict</h2>
${judged.length > 0 && referenceSwitch(analysis)}
${judged.length > 0 && byReference(judged, analysis)}
${
  judged.length > 0 &&
  html`<p class="reading">The line to the right of a sentence is its ratio with the 95% interval: left of the rule is less,
right of it is more, each tick is a repeat. Repeats are paired by block; a difference is claimed only if it holds at 5%
among all comparisons of its family (Holm; for server CPU, whose scatter is pooled over the transports, Shaffer: up to 10%
where two that are alike scatter more than the others). Two are
equal if the whole interval lies within the smallest difference that counts. In time means: nine of ten updates, in every
repeat.</p>`
}
${
  unjudged.length > 0 &&
  html`<ul class="unjudged">${unjudged.map(
    (scenario) =>
      html`<li><strong>${titleOf(scenario.planned)}.</strong> ${noVerdictReason(scenario)}
${gapNote(gapOf(scenario, 'freshness', run.record))}</li>\n`,
  )}</ul>`
}
</section>`;
}

/** Only shown with scripts. Without them the page keeps the reference that it was made with. */
function referenceSwitch({ run, reference }: RunAnalysis): Markup {
  return html`<fieldset id="reference"><legend>Compared with</legend>${run.record.plan.transports.map(
    (transport) =>
      html`<label><input type="radio" name="reference" value="${transport}"${
        transport === reference && html` checked`
      }>${named(transport)}</label>\n`,
  )}</fieldset><p id="reference-told" class="told" aria-live="polite"></p>`;
}

/** The verdicts for the chosen reference, and templates with those for the others, which the page's script swaps in. */
function byReference(judged: readonly ScenarioAnalysis[], { run, reference }: RunAnalysis): Markup {
  const others = run.record.plan.transports.filter((transport) => transport !== reference);
  return html`<div id="verdicts" data-reference="${reference}">${verdictsOf(judged, reference, run)}</div>
${others.map((other) => {
  const compared = judged.map((scenario) => comparedWith(scenario, other));
  return html`<template data-reference="${other}" data-title="${transportTitles[other]}">${verdictsOf(compared, other, run)}</template>\n`;
})}`;
}

function verdictsOf(scenarios: readonly ScenarioAnalysis[], reference: Transport, run: Run): readonly Markup[] {
  return scenarios.map((scenario) => scenarioVerdict(scenario, reference, run));
}

function scenarioVerdict(scenario: ScenarioAnalysis, reference: Transport, run: Run): Markup {
  const { planned, comparisons } = scenario;
  const path = scenarioPath(planned, run);
  const answers = answersOf(comparisons, reference);
  const condition = conditionText(planned, path);
  return html`<h3>${titleOf(planned)}</h3>
<p class="muted load">${loadText(planned, path)}</p>
${advices(recommend(scenario), condition)}
<div class="answers">${questionNames.map((question) => {
    const answer = answers.find((each) => each.question === question);
    const headline = headlineOf(scenario, question, reference);
    const gap = gapOf(scenario, question, run.record);
    const said = answer && headline ? answerBlock(answer, condition, headline, gap) : unanswered(condition, gap);
    return html`<section class="answer">${askedText(question, scenario)}${said}</section>\n`;
  })}</div>`;
}

/** What to use, for each tolerance that changes the advice. */
function advices(recommendations: readonly Recommendation[], condition: string): Markup {
  if (recommendations.length === 0) return html``;
  return html`<ul class="advices">${recommendations.map(
    ({ toleranceMs, advice, use }) => html`<li><p class="condition">${condition}, up to
<strong>${formatParameter(toleranceMs, 'ms').replace(' ', '\u00a0')} of staleness</strong>:</p>
<p class="advice">${use.map(swatch)}${keepIntervals(advice)}</p></li>\n`,
  )}</ul>`;
}

function answerBlock(answer: Answer, condition: string, { sentence: said, unjudged }: Headline, gap: Gap): Markup {
  const scale = intervalScale([...answer.againstReference, ...answer.among]);
  const clear = answer.among.filter(isOrdered);
  const unclear = answer.among.filter((each) => !clear.includes(each));
  return html`<div class="said">
<p class="condition">${condition}:</p><p class="headline">${keepIntervals(said)}</p>
<ul class="sentences">${[...answer.againstReference, ...unclear].map((each) => sentence(each, scale))}</ul>
<div class="axis-row" aria-hidden="true">${intervalAxis(scale)}</div>
${
  unjudged.length > 0 &&
  html`<p class="muted">No verdict on ${listed(unjudged.map(nameWithin), 'and')}: ${gap.reason}. ${gapNote(gap)}</p>`
}
${
  clear.length > 0 &&
  html`<details data-folded open><summary>The others among each other</summary>
<ul class="sentences among">${clear.map((each) => sentence(each, scale))}</ul></details>`
}
</div>`;
}

function unanswered(condition: string, gap: Gap): Markup {
  return html`<div class="said"><p class="condition">${condition}:</p><p>No verdict: ${gap.reason}. ${gapNote(gap)}</p></div>`;
}

/** The question and the figure that answers it, with a note on what the figure includes if needed. */
function askedText(question: Question, { transports, place }: ScenarioAnalysis): Markup {
  const { title, measure } = wordsOf(question, place);
  const { note } = figures[figureFor(question, place)];
  const trials = transports.flatMap(({ completed }) => completed.map(({ trial }) => trial));
  const contained = note !== undefined && isServedBySeveral(trials) && `: ${note}`;
  return html`<div class="asked"><h4>${title}</h4><p class="muted">${measure}${contained}</p></div>`;
}

function sentence(comparison: Comparison, scale: IntervalScale): Markup {
  const [before, size, after] = sentenceParts(comparison);
  const isClear = isOrdered(comparison);
  return html`<li class="${isClear ? 'clear' : 'tie'}">${swatch(comparison.transport)}
<span>${before}<strong>${size}</strong>${keepIntervals(after)}</span>${intervalSvg(comparison, scale)}</li>\n`;
}

/** Prevents line breaks within an interval. */
function keepIntervals(text: string): string {
  return text.replace(/\([^)]*\)/g, (interval) => interval.replaceAll(' ', '\u00a0'));
}
