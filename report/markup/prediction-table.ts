import { carriesMarks, type PredictionRow } from '../prediction/rows.ts';
import { html, type Markup, scrollable } from './markup.ts';

/** The lines of a prediction with a column for each transport. Pages and their script make the same. */
export function predictionTable(
  transports: readonly string[],
  rows: readonly PredictionRow[],
  caption: string,
): Markup {
  return scrollable(
    caption,
    html`<table class="prediction"><caption>${caption}</caption>
<thead><tr><th scope="col">Predicted</th>${transports.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
      ({ key, title, carries, cells }) =>
        html`<tr data-row="${key}"><th scope="row">${title}${carriesMarks[carries]}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  );
}
