import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import type { Residual } from '../../analysis/model/prediction/residual.ts';
import { type RowResiduals, residualsOfScenario } from '../../analysis/model/prediction/scenario-residuals.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { residualCells } from '../prediction/residual-cells.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';

/**
 * What the model of "your numbers" says of the loads that were measured, beside what was measured; `false` if it covers
 * none of them.
 */
export function modelSection(analysis: RunAnalysis, { path, from }: NumbersData): Markup | false {
  const { record } = analysis.run;
  const tables = analysis.scenarios.flatMap(
    (scenario) => tableOf(scenario, residualsOfScenario(scenario, record, path)) || [],
  );
  return (
    tables.length > 0 &&
    html`<section id="model" aria-labelledby="model-title"><h2 id="model-title">The model beside the measurement</h2>
<p class="how">How far can the predictions on this page be trusted? Here the same model, with the calibration ${from},
predicts the loads that were measured, with as many updates as there were and at the pace that the machine had. Positive: it predicts too much. <strong>Bold</strong>: what was measured lies
outside of the interval that the prediction would give.</p>
${tables.map((table) => html`<details><summary>${table.title}</summary>\n${table.markup}</details>\n`)}</section>`
  );
}

type Table = { readonly title: string; readonly markup: Markup };

function tableOf({ planned }: ScenarioAnalysis, rows: readonly RowResiduals[]): Table | false {
  if (rows.length === 0) return false;
  const title = titleOf(planned);
  return { title, markup: residualTable(title, rows) };
}

function residualTable(title: string, rows: readonly RowResiduals[]): Markup {
  return scrollable(
    `Model and measurement, ${title}`,
    html`<table><caption>Predicted, measured (median of the valid repeats), and how far the prediction is off</caption>
<thead><tr><th scope="col">Transport</th><th scope="col">Figure</th><th scope="col">Predicted</th><th scope="col">Measured</th><th scope="col">Off by</th></tr></thead>
<tbody>${rows.flatMap(({ row, residuals }) => residuals.map((residual) => residualRow(row, residual)))}</tbody></table>`,
  );
}

function residualRow({ transport }: TransportAnalysis, residual: Residual): Markup {
  const { expected, measured, off } = residualCells(residual);
  return html`<tr><th scope="row">${named(transport)}</th><td>${residual.title}</td><td>${expected}</td><td>${measured}</td><td>${
    residual.isWithin ? off : html`<strong>${off}</strong>`
  }</td></tr>\n`;
}
