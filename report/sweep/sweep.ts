import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { formatNumber, formatValue, unknownText } from '../../analysis/figures/format.ts';
import { type Sweep, type SweepPanel, type SweepReading, type SweepRow, sweepOf } from '../../analysis/sweep/sweep.ts';
import { axisTitle } from '../../scenarios/point.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { axisText, headingOf } from './axis-text.ts';
import { sweepSvg } from './sweep-svg.ts';

/** How figures change along the axes of a sweep; `false` for a run that is none. */
export function sweepSection(analysis: RunAnalysis, numbers: NumbersData | undefined): Markup | false {
  const sweep = sweepOf(analysis, numbers?.path);
  return sweep !== undefined && section(sweep, numbers);
}

function section(sweep: Sweep, numbers: NumbersData | undefined): Markup {
  const { title, axis, rowAxis, rows } = sweep;
  const along = [axis, ...(rowAxis === undefined ? [] : [rowAxis])].map(axisTitle).join(' and ');
  const isPredicted = rows.some(({ panels }) => panels.some(hasModel));
  return html`<section id="sweep" aria-labelledby="sweep-title"><h2 id="sweep-title">${title} along ${along}</h2>
<p class="how">Each dot is a trial, each thick line goes through the medians of the valid ones.
${
  isPredicted &&
  `Each thin line is what the model predicts with the calibration ${numbers!.from}, for as many updates as there were and at the pace that the machine had.`
} Where an axis is logarithmic, its steps are factors.</p>
<p class="legend">${transportsOf(sweep).map((transport) => html`${named(transport)} `)}</p>
${rows.map((row) => rowOf(row, sweep))}
<details><summary>As a table</summary>${rows.map((row) => tableOf(row, sweep))}</details>
</section>`;
}

function transportsOf({ rows }: Sweep) {
  const all = rows.flatMap(({ panels }) => panels.flatMap(({ series }) => series.map(({ transport }) => transport)));
  return [...new Set(all)];
}

function hasModel({ series }: SweepPanel): boolean {
  return series.some(({ readings }) => readings.some(({ predicted }) => predicted !== undefined));
}

function rowOf({ value, panels }: SweepRow, { axis, rowAxis }: Sweep): Markup {
  return html`${value !== undefined && html`<h3>${headingOf(rowAxis!, value)}</h3>\n`}<div class="panels">${panels.map(
    (panel) => html`<figure><figcaption>${panel.title}</figcaption>${sweepSvg(panel, axis)}</figure>\n`,
  )}</div>\n`;
}

function tableOf({ value, panels }: SweepRow, { title, axis, rowAxis }: Sweep): Markup {
  const caption = value === undefined ? title : `${title}, ${headingOf(rowAxis!, value)}`;
  return scrollable(
    caption,
    html`<table><caption>${caption}: medians of the valid trials, and the model beside them</caption>
<thead><tr><th scope="col">Figure</th><th scope="col">Transport</th><th scope="col">${axisTitle(axis)}</th><th scope="col">Measured</th><th scope="col">Predicted</th><th scope="col">Off by</th></tr></thead>
<tbody>${panels.flatMap((panel) =>
      panel.series.flatMap(({ transport, readings }) =>
        readings.map(
          (reading) =>
            html`<tr><th scope="row">${panel.title}</th><td>${named(transport)}</td><td>${axisText(axis, reading.at)}</td>${cells(reading, panel)}</tr>\n`,
        ),
      ),
    )}</tbody></table>`,
  );
}

function cells({ measured, predicted }: SweepReading, { unit }: SweepPanel): Markup {
  const isKnown = predicted !== undefined && Number.isFinite(predicted);
  const off = isKnown && measured > 0 ? (predicted / measured - 1) * 100 : undefined;
  return html`<td>${formatValue(measured, unit)}</td><td>${isKnown ? formatValue(predicted, unit) : unknownText}</td><td>${
    off === undefined ? unknownText : `${off > 0 ? '+' : ''}${formatNumber(off, 2)}%`
  }</td>`;
}
