import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { isServedBySeveral, servingNote } from '../../analysis/figures/cpu-figure.ts';
import { type FigureKey, figureKeys, figures, formatFigure } from '../../analysis/figures/figures.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import type { AssessedTrial, TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { hasUntold, hasWeakTail, medianText, untoldNote, weakNote } from '../sentences/median-text.ts';

/** `name` is the class of the column's cells. The path has a column only if there are several. */
const columns = [
  { title: 'Scenario', name: 'scenario' },
  { title: 'Figure', name: 'figure' },
  { title: 'Transport', name: 'transport' },
  { title: 'Path', name: 'path' },
  { title: 'Median', name: 'median' },
  { title: 'Every repeat', name: 'repeats' },
  { title: 'Spread', name: 'spread' },
] as const;

/** One table of all scenarios, paths, figures and transports. The page's script makes it sortable and filterable. */
export function everyFigureSection({ scenarios }: RunAnalysis): Markup {
  const rows = scenarios.flatMap(scenarioRows);
  const hasPaths = scenarios.some(({ paths }) => paths.length > 1);
  const shown = columns.filter(({ name }) => name !== 'path' || hasPaths);
  return html`<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">Every figure</h2>
${
  rows.length === 0
    ? html`<p class="notice">No trial has ended yet, so there is no figure.</p>`
    : html`<p class="filter"><label for="filter">Show only rows with</label>
<input id="filter" type="search" autocomplete="off" placeholder="bytes.total websocket"> <span id="filter-told" aria-live="polite"></span></p>
${scrollable(
  'Table of every figure',
  html`<table id="every-figure"><caption>${caption(scenarios)}</caption>
<thead><tr>${shown.map(({ title, name }) => html`<th scope="col" class="${name}">${title}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`,
)}`
}</section>`;
}

function caption(scenarios: readonly ScenarioAnalysis[]): string {
  const rows = scenarios.flatMap(({ paths }) => paths.flatMap(({ transports }) => transports));
  const notes = [
    'Median of the valid repeats, and every repeat in the order of the blocks. Spread: the largest repeat above the smallest.',
    ...(rows.some(({ completed, valid }) => valid.length < completed.length) ? ['Struck out: not valid.'] : []),
    ...(rows.some(hasWeakTail) ? [weakNote] : []),
    ...(rows.some(hasUntold) ? [untoldNote] : []),
    ...(isServedBySeveral(rows.flatMap(trialsOf)) ? [`Server CPU: ${servingNote}.`] : []),
  ];
  return notes.join(' ');
}

function trialsOf({ completed }: TransportAnalysis): readonly CompletedTrial[] {
  return completed.map(({ trial }) => trial);
}

function scenarioRows({ planned, paths }: ScenarioAnalysis): readonly Markup[] {
  const rows = paths.flatMap(({ route, transports }) => transports.map((row) => ({ row, route })));
  const measured = rows.filter(({ row }) => row.completed.length > 0);
  const isKnown = ({ completed }: TransportAnalysis, key: FigureKey) =>
    completed.some((trial) => trial.figures[key] !== undefined);
  return figureKeys.flatMap((key) =>
    measured
      .filter(({ row }) => isKnown(row, key))
      .map(({ row, route }) => figureRow(titleOf(planned), key, row, paths.length > 1 && route)),
  );
}

/** `data-by` is the sort key of a cell; a cell without it is sorted by its text. */
function figureRow(title: string, key: FigureKey, row: TransportAnalysis, route: string | false): Markup {
  const repeats = row.completed.filter((trial) => trial.figures[key] !== undefined);
  const text = medianText(row, key);
  const spread = spreadOf(key, repeats);
  return html`<tr><td>${title}</td><th scope="row">${figures[key].title} <code>${key}</code></th>
<td class="transport ${row.transport}">${transportTitles[row.transport]}</td>${route !== false && html`<td class="path">${route}</td>`}
<td class="median" data-by="${row.medians[key] ?? ''}">${text}</td>
<td class="repeats" data-by="${repeats.length}">${repeatTexts(key, repeats, unitOf(text))}</td>
<td class="spread" data-by="${spread ?? ''}">${spread === undefined ? '' : `${(spread * 100).toFixed(1)}%`}</td></tr>\n`;
}

function spreadOf(key: FigureKey, repeats: readonly AssessedTrial[]): number | undefined {
  const values = repeats.filter(({ valid }) => valid).map((trial) => trial.figures[key]!);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length > 1 && least > 0 ? most / least - 1 : undefined;
}

/** Each repeat; its unit is left out if it is the same as that of the median. */
function repeatTexts(key: FigureKey, repeats: readonly AssessedTrial[], unit: string): readonly Markup[] {
  return repeats.map((trial, index) => {
    const text = formatFigure(key, trial.figures[key]);
    const short = unitOf(text) === unit ? text.slice(0, text.length - unit.length) : text.replaceAll(' ', '\u00a0');
    return html`${index > 0 && ' · '}${trial.valid ? short : html`<s>${short}</s>`}`;
  });
}

/** The text after the number, such as ` ms` or `%`. */
function unitOf(text: string): string {
  return /[^\d.,–-]*$/.exec(text)?.[0] ?? '';
}
