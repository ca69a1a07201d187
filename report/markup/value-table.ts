import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { type FigureKey, figures } from '../../analysis/figures/figures.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { hasUntold, hasWeakTail, medianText, untoldNote, weakNote } from '../sentences/median-text.ts';
import { html, type Markup, scrollable } from './markup.ts';
import { named } from './swatch.ts';

/** A table of medians with a row per transport and a column per figure. */
export function valueTable(
  { transports, planned }: ScenarioAnalysis,
  keys: readonly FigureKey[],
  caption: string,
): Markup {
  const shown = keys.filter((key) => transports.some(({ medians }) => medians[key] !== undefined));
  const isWeak = keys.includes('latency.p99') && transports.some(hasWeakTail);
  const isUntold = keys.some((key) => figures[key].group === 'freshness') && transports.some(hasUntold);
  return scrollable(
    `${caption}, ${titleOf(planned)}`,
    html`<table><caption>${caption}${planned.repeats > 1 && ', medians of the repeats'}${isWeak && `. ${weakNote}`}${isUntold && `. ${untoldNote}`}</caption>
<thead><tr><th scope="col">Transport</th>${shown.map((key) => html`<th scope="col">${figures[key].short}</th>`)}</tr></thead>
<tbody>${transports.map(
      (row) =>
        html`<tr><th scope="row">${named(row.transport)}</th>${shown.map(
          (key) => html`<td>${medianText(row, key)}</td>`,
        )}</tr>\n`,
    )}</tbody></table>`,
  );
}
