import type { Cell, PredictionGroup } from '../prediction/rows.ts';
import { html, type Markup, scrollable } from './markup.ts';

/** The lines of a prediction by groups, with a column for each transport. Pages and their script make the same. */
export function predictionTable(
  transports: readonly string[],
  groups: readonly PredictionGroup[],
  caption: string,
): Markup {
  return scrollable(
    caption,
    html`<table class="prediction"><caption>${caption}</caption>
<thead><tr><th scope="col">Predicted</th>${transports.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
${groups.map((group) => groupBody(group, transports.length + 1))}</table>`,
  );
}

function groupBody({ title, holds, rows }: PredictionGroup, columns: number): Markup {
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns}"><span>${title}</span><small>${holds}</small></th></tr>
${rows.map(
  ({ key, title: line, cells }) =>
    html`<tr data-row="${key}"><th scope="row">${line}</th>${cells.map((cell) => html`<td>${cellMarkup(cell)}</td>`)}</tr>\n`,
)}</tbody>`;
}

function cellMarkup({ text, beside }: Cell): Markup {
  return html`${text}${beside !== undefined && html` <small>(${beside})</small>`}`;
}
