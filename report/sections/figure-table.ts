import { type FigureGroup, type FigureKey, figureKeys, figures, formatFigure } from '../../analysis/figures.ts';
import type { AssessedTrial, ScenarioAnalysis, TransportAnalysis } from '../../analysis/run-analysis.ts';
import { html, type Markup } from '../markup.ts';
import { hasWeakTail, medianText, weakNote } from '../median-text.ts';
import { scrollable } from './scrollable.ts';
import { named } from './swatch.ts';

const groupTitles: Readonly<Record<FigureGroup, string>> = {
  freshness: 'Freshness',
  bytes: 'Bytes',
  cpu: 'CPU',
  memory: 'Memory',
  load: 'Saturation',
  counts: 'Counts and set-up',
};

/** All transports × all figures: the median, and below it every repeat in the order of the blocks. */
export function figureTable({ planned, transports }: ScenarioAnalysis): Markup {
  const groups = Object.keys(groupTitles) as FigureGroup[];
  return scrollable(
    `All figures, ${planned.scenario.title}`,
    html`<table class="figures"><caption>${caption(planned.repeats, transports)}</caption>
<thead><tr><th scope="col">Figure</th>${transports.map(
      ({ transport }) => html`<th scope="col">${named(transport)}</th>`,
    )}</tr></thead>
${groups.map((group) => groupRows(group, transports))}</table>`,
  );
}

function caption(repeats: number, transports: readonly TransportAnalysis[]): string {
  const notes = [
    repeats > 1 ? 'Median of the valid repeats, below it every repeat.' : 'The one repeat.',
    ...(transports.some(({ completed, valid }) => valid.length < completed.length) ? ['Struck out: not valid.'] : []),
    ...(transports.some(hasWeakTail) ? [weakNote] : []),
  ];
  return notes.join(' ');
}

function groupRows(group: FigureGroup, transports: readonly TransportAnalysis[]): Markup {
  const keys = figureKeys.filter(
    (key) =>
      figures[key].group === group &&
      transports.some(({ completed }) => completed.some((trial) => trial.figures[key] !== undefined)),
  );
  if (keys.length === 0) return html``;
  return html`<tbody><tr><th class="group" scope="rowgroup" colspan="${transports.length + 1}">${groupTitles[group]}</th></tr>
${keys.map(
  (key) => html`<tr><th scope="row">${figures[key].title}</th>${transports.map((row) => cell(key, row))}</tr>\n`,
)}</tbody>`;
}

function cell(key: FigureKey, row: TransportAnalysis): Markup {
  const repeats = row.completed.filter(({ figures: values }) => values[key] !== undefined);
  const alone = repeats.length === 1 && repeats[0]!.valid;
  const median = medianText(row, key);
  return html`<td>${median}${!alone && repeats.length > 0 && repeatsOf(key, repeats, unitOf(median))}</td>`;
}

/** Each repeat, without its unit where it is that of the median. */
function repeatsOf(key: FigureKey, repeats: readonly AssessedTrial[], unit: string): Markup {
  return html`<span class="repeats">${repeats.map(({ figures: values, valid }, index) => {
    const text = formatFigure(key, values[key]);
    const short = unitOf(text) === unit ? text.slice(0, text.length - unit.length) : text.replaceAll(' ', '\u00a0');
    return html`${index > 0 && ' · '}${valid ? short : html`<s>${short}</s>`}`;
  })}</span>`;
}

/** What follows the number: ` ms`, `%`. */
function unitOf(text: string): string {
  return /[^\d.,–-]*$/.exec(text)?.[0] ?? '';
}
