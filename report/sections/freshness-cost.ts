import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { formatParameter, formatValue } from '../../analysis/figures/format.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { type CostMeasure, costMeasures } from '../../analysis/verdict/cost-measure.ts';
import { type FreshnessCost, freshnessCosts } from '../../analysis/verdict/freshness-cost.ts';
import { costSentence } from '../../analysis/verdict/freshness-verdict.ts';
import { pollingTheory } from '../../analysis/verdict/polling-theory.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { named, swatch } from '../markup/swatch.ts';
import { type CostPicture, costSizes, costSvg } from '../pictures/cost-svg.ts';
import { loadText } from '../sentences/facts.ts';
import { type RunPath, scenarioPath } from '../sentences/run-path.ts';

const measureNames: Readonly<Record<CostMeasure, string>> = { bytes: 'Bytes at the sockets', cpu: 'Server CPU' };
/** In the order of the pictures. */
export function costPictures(analysis: RunAnalysis): readonly CostPicture[] {
  return freshnessCosts(analysis).map((cost) => {
    const { rttMs } = scenarioPath(cost.planned, analysis.run);
    return { cost, theory: pollingTheory(cost.planned, cost.polling, rttMs) ?? null };
  });
}

/** Charts of cost by staleness, with sentences and a table. */
export function freshnessCostSection(analysis: RunAnalysis): Markup {
  const costs = freshnessCosts(analysis);
  return html`<section id="freshness" aria-labelledby="freshness-title">
<h2 id="freshness-title">The cost of freshness</h2>
${
  costs.length > 0
    ? costs.map((cost, index) => picture(cost, index, scenarioPath(cost.planned, analysis.run)))
    : html`<p class="notice">Not measured in this run: it needs short-polling clients that ask at several intervals.
<code>pvw run dashboard</code> adds it.</p>`
}
</section>`;
}

function picture(cost: FreshnessCost, index: number, path: RunPath): Markup {
  const theory = pollingTheory(cost.planned, cost.polling, path.rttMs);
  const group = `cost-${index}`;
  return html`<p class="muted load">${titleOf(cost.planned)} · ${loadText(cost.planned, path)}</p>
<figure class="freshness-cost" data-cost="${index}">
<figcaption>
<p class="how">Down is cheaper, left is fresher: each dot is a group of clients that polls at its own interval, each
diamond a transport. In the shaded region a client is fresher for less than some group that polls.
${theory && 'The thin line is theory: its place across is half an interval and half a round trip, its height is fitted.'}</p>
<p class="how why">A question costs the same whether anything happened or not, so polling twice as often costs twice as much
and halves the wait. A transport that pushes costs something only when there is an update.</p>
<fieldset class="switch"><legend>Cost per client and minute</legend>${costMeasures.map(
    (measure, place) =>
      html`<label><input type="radio" name="${group}" value="${measure}"${place === 0 && html` checked`}>${measureNames[measure]}</label>\n`,
  )}</fieldset>
</figcaption>
${costMeasures.map((measure) => measured(cost, measure, theory))}
<details data-folded open><summary>As a table</summary>${costTable(cost)}</details>
</figure>`;
}

function measured(cost: FreshnessCost, measure: CostMeasure, theory: ReturnType<typeof pollingTheory>): Markup {
  return html`<div class="measure ${measure}">
${costSvg(cost, measure, theory, costSizes.wide)}
${costSvg(cost, measure, theory, costSizes.narrow)}
${
  measure === 'cpu' && cost.isCold
    ? html`<p class="notice">The warm-up was too short for a word about CPU: some of it is compiling. <code>--warmup 5s</code> or more.</p>`
    : html`<ul class="cost-sentences">${cost.others.map(
        (point) => html`<li>${swatch(point.transport)}<span>${costSentence(cost, point, measure)}</span></li>\n`,
      )}</ul>`
}
<p class="reading">${reservations(cost, measure)}</p>
</div>`;
}

/** The limits of what the sentences claim. */
function reservations({ planned }: FreshnessCost, measure: CostMeasure): string {
  return [
    ...(planned.repeats === 1 ? ['Seen once: no verdict.'] : ['Medians of the repeats; each repeat is a small dot.']),
    ...(measure === 'cpu'
      ? [
          'One server process answers all intervals at the same time: its CPU is divided over them by their polls, as if all cost the same.',
        ]
      : []),
  ].join(' ');
}

function costTable(cost: FreshnessCost): Markup {
  const title = `Cost of freshness, ${titleOf(cost.planned)}`;
  const row = (
    name: Markup | string,
    { stalenessMs, bytes, cpu }: FreshnessCost['polling'][number] | FreshnessCost['others'][number],
  ) =>
    html`<tr><th scope="row">${name}</th><td>${formatValue(stalenessMs, 'ms')}</td><td>${formatValue(bytes, 'bytes')}</td><td>${formatValue(cpu, 'ms')}</td></tr>\n`;
  return scrollable(
    title,
    html`<table><caption>${title}${cost.planned.repeats > 1 && ', medians of the repeats'}. Bytes, at the sockets, and CPU: per client and minute.</caption>
<thead><tr><th scope="col">Transport</th><th scope="col">mean staleness</th><th scope="col">bytes</th><th scope="col">server CPU</th></tr></thead>
<tbody>${cost.polling.map((point) =>
      row(html`${named('short-polling')} every ${formatParameter(point.pollIntervalMs, 'ms')}`, point),
    )}${cost.others.map((point) => row(named(point.transport), point))}</tbody></table>`,
  );
}
