import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { type FigureKey, figures } from '../../analysis/figures/figures.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { markNotes, medianText, rangeText } from '../sentences/median-text.ts';
import { html, type Markup, scrollable } from './markup.ts';
import { named } from './swatch.ts';

/** A table of medians with a row per transport and a column per figure. */
export function valueTable(
  { transports, planned }: ScenarioAnalysis,
  keys: readonly FigureKey[],
  caption: string,
): Markup {
  const shown = keys.filter((key) => transports.some(({ medians }) => medians[key] !== undefined));
  const notes = [
    `${caption}${planned.repeats > 1 ? ', medians of the repeats (the least and the greatest)' : ''}`,
    ...markNotes(transports, shown),
  ];
  return scrollable(
    `${caption}, ${titleOf(planned)}`,
    html`<table><caption>${notes.join('. ')}</caption>
<thead><tr><th scope="col">Transport</th>${shown.map((key) => html`<th scope="col">${figures[key].short}</th>`)}</tr></thead>
<tbody>${transports.map(
      (row) =>
        html`<tr><th scope="row">${named(row.transport)}</th>${shown.map(
          (key) => html`<td>${medianText(row, key)}${rangeOf(row, key)}</td>`,
        )}</tr>\n`,
    )}</tbody></table>`,
  );
}

function rangeOf(row: TransportAnalysis, key: FigureKey): Markup | false {
  const range = rangeText(row, key);
  return range !== '' && html` <span class="range">(${range})</span>`;
}
