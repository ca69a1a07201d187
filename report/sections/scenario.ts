import { type FigureKey, figures, formatFigure } from '../../analysis/figures.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/run-analysis.ts';
import { noVerdictReason } from '../../analysis/verdict.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { byteLayers, layerNames, type ScenarioCharts } from '../charts.ts';
import { scenarioFacts } from '../facts.ts';
import { html, type Markup } from '../markup.ts';
import { anchorOf } from './anchor.ts';
import { figureTable } from './figure-table.ts';
import { sequencesFigure } from './sequences.ts';
import { valueTable } from './value-table.ts';

/** One scenario: what it is, its charts, and every figure. */
export function scenarioSection(scenario: ScenarioAnalysis, index: number, { run }: RunAnalysis): Markup {
  const { planned, transports } = scenario;
  const { rttMs } = run.record.plan;
  const id = anchorOf(index);
  const hasData = transports.some(({ completed }) => completed.length > 0);
  return html`<section id="${id}" class="scenario" aria-labelledby="${id}-title">
<h2 id="${id}-title">${planned.scenario.title}</h2>
${!scenario.judged && html`<p class="badge">${noVerdictReason(scenario)}</p>`}
<p class="summary">${planned.scenario.summary}</p>
<dl class="facts">${scenarioFacts(planned, rttMs).map(
    ({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`,
  )}</dl>
${hasData ? html`${charts(scenario, index)}${sequencesFigure(scenario, id)}` : html`<p class="notice">No trial of this scenario has ended yet.</p>`}
${
  hasData &&
  html`<details class="every" data-folded open><summary>Every figure of ${planned.scenario.title}, every repeat</summary>
${figureTable(scenario)}</details>`
}
</section>`;
}

type ChartText = {
  readonly kind: keyof ScenarioCharts;
  readonly title: string;
  readonly reading: string;
  /** What the table behind the chart holds. */
  readonly keys: readonly FigureKey[];
  /** What someone hears who cannot see the chart. */
  readonly spoken: FigureKey;
  readonly legend?: Markup;
};

const chartTexts: readonly ChartText[] = [
  {
    kind: 'spectrum',
    title: 'How late updates arrive',
    reading:
      'Each line is all deliveries of one transport, the soonest at the left. Every step to the right leaves out nine ' +
      'tenths of what remained: lower is fresher, flatter is steadier. Where a line is faint, fewer than ten updates lie beyond.',
    keys: ['latency.p50', 'latency.p90', 'latency.p99', 'latency.p999', 'latency.max', 'latency.mean'],
    spoken: 'latency.p50',
  },
  {
    kind: 'timeline',
    title: 'Latency over the window',
    reading:
      'Each line is the mean of the updates of that moment, its band reaches from the soonest delivery to the latest. A ' +
      'line that rises towards the end is a queue that grows; a peak is something that held everybody up.',
    keys: ['latency.mean', 'latency.max'],
    spoken: 'latency.mean',
  },
  {
    kind: 'stale',
    title: 'Time with a stale view',
    reading: 'Share of time in which what a client shows is not the newest state.',
    keys: ['stale'],
    spoken: 'stale',
  },
  {
    kind: 'cpu',
    title: 'Server CPU per published update',
    reading: 'CPU time of the server, divided by the updates that were published.',
    keys: ['cpu.server.update', 'cpu.server.delivery', 'cpu.server'],
    spoken: 'cpu.server.update',
  },
  {
    kind: 'bytes',
    title: 'Bytes per client and minute',
    reading: 'All bytes at the sockets: the updates themselves, and what each transport wraps around them.',
    keys: [...byteLayers, 'bytes.total'],
    spoken: 'bytes.total',
    legend: layerLegend(),
  },
];

function charts(scenario: ScenarioAnalysis, index: number): Markup {
  return html`<div class="charts">${chartTexts.map((text) => chart(scenario, index, text))}</div>`;
}

function chart(scenario: ScenarioAnalysis, index: number, text: ChartText): Markup {
  const id = `${anchorOf(index)}-${text.kind}`;
  const rows = scenario.transports.filter(({ valid }) => valid.length > 0);
  return html`<figure class="chart ${text.kind}" aria-labelledby="${id}">
<figcaption><h3 id="${id}">${text.title}</h3><p class="how">${text.reading}${repeatsText(scenario, text)}</p>${text.legend}</figcaption>
<div class="canvas bars-${rows.length}"><canvas role="img" data-chart="${text.kind}" data-scenario="${index}"
aria-label="${spokenText(scenario, text)}"></canvas></div>
<details data-folded open><summary>As a table</summary>${valueTable(scenario, text.keys, text.title)}</details>
</figure>`;
}

function repeatsText({ planned }: ScenarioAnalysis, { kind }: ChartText): string {
  if (planned.repeats === 1 || kind === 'bytes') return '';
  return kind === 'spectrum' ? ' All repeats together.' : ' Bar: median. Dots: each repeat.';
}

function spokenText({ transports }: ScenarioAnalysis, { title, spoken }: ChartText): string {
  const values = transports
    .filter(({ valid }) => valid.length > 0)
    .map(({ transport, medians }) => `${transportTitles[transport]} ${formatFigure(spoken, medians[spoken])}`);
  return `${title}. ${figures[spoken].title}: ${values.join(', ')}.`;
}

function layerLegend(): Markup {
  const fills = ['full', 'faint', 'full hatched', 'faint hatched'];
  return html`<ul class="layers">${layerNames.map(
    (name, index) => html`<li><span class="patch ${fills[index]}" aria-hidden="true"></span>${name}</li>\n`,
  )}</ul>`;
}
