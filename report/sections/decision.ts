import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { type Cell, type DecisionRow, decisionTable } from '../../analysis/verdict/decision.ts';
import { transports, transportTitles } from '../../protocol/transport.ts';
import { anchorOf, html, type Markup, scrollable } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { judgementTitles, pollingText } from '../sentences/decision-text.ts';
import { gapNote } from './gap-note.ts';

/** Needs × transports, for readers whose load is none of those that were measured. */
export function decisionSection(analysis: RunAnalysis): Markup {
  const rows = decisionTable(analysis);
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  return html`<section id="decision" aria-labelledby="decision-title"><h2 id="decision-title">Which one for which need</h2>
<p class="lead">Find your needs in the rows. What a trial of this run covers carries its figure and a link to its
scenario, bytes per client; what is marked as reasoning follows from how the transport works, and was not measured here.</p>
${scrollable(
  'Decision table',
  html`<table class="decision"><caption>How well each transport serves a need</caption>
<thead><tr><th scope="col">Need</th>${transports.map((transport) => html`<th scope="col">${named(transport)}</th>`)}</tr></thead>
${topics.map((topic) => topicRows(topic, rows))}</table>`,
)}
<p class="polling">${pollingText(rows)}</p>
</section>`;
}

function topicRows(topic: string, rows: readonly DecisionRow[]): Markup {
  return html`<tbody><tr><th class="group" scope="rowgroup" colspan="${transports.length + 1}">${topic}</th></tr>
${rows
  .filter((row) => row.topic === topic)
  .map(
    ({ need, cells, command }) =>
      html`<tr><th scope="row">${need}${command !== undefined && gapNote({ command })}</th>${cells.map(cell)}</tr>\n`,
  )}</tbody>`;
}

function cell({ transport, judgement, reason, evidence }: Cell): Markup {
  return html`<td class="${judgement}" data-transport="${transportTitles[transport]}"><strong>${judgementTitles[judgement]}</strong>${
    evidence &&
    html`<span class="measured">${evidence.text} <a href="#${anchorOf(evidence.scenario)}">${evidence.title}${
      evidence.repeats === 1 && ', once'
    }</a></span>`
  }<span class="why">${!evidence && html`<em>Reasoning.</em> `}${reason}</span></td>`;
}
