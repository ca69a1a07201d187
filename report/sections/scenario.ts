import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { type ByteLayer, byteLayers, byteLayerTitle, type WireLayer } from '../../analysis/figures/byte-layers.ts';
import { byteFigures, placeWords } from '../../analysis/figures/byte-place.ts';
import { fewestClientsForMemory } from '../../analysis/figures/figure.ts';
import { type FigureKey, figures, formatFigure } from '../../analysis/figures/figures.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { gapOf } from '../../analysis/verdict/gap.ts';
import { noVerdictReason } from '../../analysis/verdict/verdict.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { RunRecord } from '../../results/schema/schema.ts';
import { anchorOf, html, type Markup } from '../markup/markup.ts';
import { valueTable } from '../markup/value-table.ts';
import { type ChartText, chartTexts } from '../pictures/chart-text.ts';
import { cpuNotes } from '../sentences/cpu-note.ts';
import { markedFacts } from '../sentences/facts.ts';
import { limitTexts } from '../sentences/limit-text.ts';
import { gapNote } from './gap-note.ts';
import { sequencesFigure } from './sequences.ts';
import { specimensFigure } from './specimens.ts';

/** One scenario: its parameters and its charts. */
export function scenarioSection(scenario: ScenarioAnalysis, index: number, { run }: RunAnalysis): Markup {
  const { record } = run;
  const { planned, transports } = scenario;
  const id = anchorOf(index);
  const hasData = transports.some(({ completed }) => completed.length > 0);
  return html`<section id="${id}" class="scenario" aria-labelledby="${id}-title">
<h2 id="${id}-title">${titleOf(planned)}</h2>
${!scenario.judged && html`<p class="badge">${noVerdictReason(scenario)}</p>`}
<p class="summary">${planned.scenario.summary}</p>
<dl class="facts">${markedFacts(planned, run).map(
    ({ name, value, changed }) =>
      html`<div${changed !== undefined && html` class="changed"`}><dt>${name}</dt><dd>${value}${
        changed !== undefined && html`<span class="by">${changed}</span>`
      }</dd></div>\n`,
  )}</dl>
${
  hasData
    ? html`<div class="charts">${chartTexts.map((text) => chart(scenario, index, text, record))}</div>
${sequencesFigure(scenario, id)}
${specimensFigure(scenario)}`
    : html`<p class="notice">No trial of this scenario has ended yet. ${gapNote(gapOf(scenario, 'freshness', record))}</p>`
}
</section>`;
}

function chart(scenario: ScenarioAnalysis, index: number, text: ChartText, record: RunRecord): Markup {
  const id = `${anchorOf(index)}-${text.kind}`;
  const isKnown = scenario.transports.some(({ medians }) => medians[spokenKey(scenario, text)] !== undefined);
  return html`<figure class="chart ${text.kind}" aria-labelledby="${id}">
<figcaption><h3 id="${id}">${text.title}${text.kind === 'bytes' && `, ${placeWords[scenario.place]}`}</h3>
<p class="how">${text.reading}${isKnown && repeatsText(scenario, text)}</p>
<p class="how why">${text.why(scenario.planned.scenario)}</p>${text.kind === 'bytes' && layerLegend(scenario)}${text.kind === 'cpu' && [...cpuNotes(record), ...limitTexts(scenario.transports)].map((note) => html`<p class="how">${note}</p>`)}</figcaption>
${isKnown ? drawing(scenario, index, text) : missing(scenario, text, record)}
</figure>`;
}

function drawing(scenario: ScenarioAnalysis, index: number, text: ChartText): Markup {
  const rows = scenario.transports.filter(({ medians }) => medians[spokenKey(scenario, text)] !== undefined);
  return html`<div class="canvas bars-${rows.length}"><canvas role="img" data-chart="${text.kind}" data-scenario="${index}"
aria-label="${spokenText(scenario, text)}"></canvas></div>
<details data-folded open><summary>As a table</summary>${valueTable(scenario, text.keys, text.title)}</details>`;
}

function missing(scenario: ScenarioAnalysis, { kind }: ChartText, record: RunRecord): Markup {
  const { clients } = scenario.planned.scenario;
  if (kind !== 'memory' || clients >= fewestClientsForMemory) {
    return html`<p class="notice">No valid repeat has this figure. ${gapNote(gapOf(scenario, 'freshness', record))}</p>`;
  }
  return html`<p class="notice">Stated from 1,000 clients on, here are ${clients}: most of what a process grows by would not be
theirs. ${gapNote(gapOf(scenario, 'memory', record))}</p>`;
}

function repeatsText({ planned }: ScenarioAnalysis, { kind }: ChartText): string {
  if (planned.repeats === 1 || kind === 'bytes') return '';
  return kind === 'spectrum' ? ' All repeats together.' : ' Bar: median. Dots: each repeat.';
}

/** The figure that a chart is spoken of by; bytes are those that its bars add up to. */
function spokenKey({ place }: ScenarioAnalysis, { kind, spoken }: ChartText): FigureKey {
  return kind === 'bytes' ? byteFigures[place].both : spoken;
}

function spokenText(scenario: ScenarioAnalysis, text: ChartText): string {
  const { transports } = scenario;
  const spoken = spokenKey(scenario, text);
  const values = transports
    .filter(({ valid }) => valid.length > 0)
    .map(({ transport, medians }) => `${transportTitles[transport]} ${formatFigure(spoken, medians[spoken])}`);
  return `${text.title}. ${figures[spoken].title}: ${values.join(', ')}.`;
}

/** The CSS class that fills a layer as the chart does. */
const layerFills: Readonly<Record<WireLayer, string>> = {
  updates: 'full',
  framing: 'faint',
  tls: 'sealed',
  packets: 'plain',
};

function patchOf({ layer, direction }: ByteLayer): string {
  return direction === 'up' ? `${layerFills[layer]} hatched` : layerFills[layer];
}

/** A legend of the layers that were measured. */
function layerLegend({ transports }: ScenarioAnalysis): Markup {
  const measured = byteLayers.filter(({ figure }) => transports.some(({ medians }) => medians[figure] !== undefined));
  return html`<ul class="layers">${measured.map(
    (layer) =>
      html`<li><span class="patch ${patchOf(layer)}" aria-hidden="true"></span>${byteLayerTitle(layer)}</li>\n`,
  )}</ul>`;
}
