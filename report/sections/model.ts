import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { plannedLink, titleOf } from '../../analysis/figures/planned-scenario.ts';
import { mainRoute, routeNamed } from '../../analysis/figures/run-routes.ts';
import { residualsOfTrials } from '../../analysis/model/prediction/measured-load.ts';
import type { Residual } from '../../analysis/model/prediction/residual.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import type { PathCalibration } from '../../results/schema/calibration-schema.ts';
import type { LinkRecord, RouteRecord, RunRecord } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
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
  const route = routeNamed(record, mainRoute(record));
  if (record.plan.storm || !hasHeadsOf(path, route)) return false;
  const tables = analysis.scenarios.flatMap((scenario) => tableOf(scenario, { record, path, route }) || []);
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

type Measured = {
  readonly record: RunRecord;
  readonly path: PathCalibration;
  readonly route: RouteRecord | undefined;
};

/** Whether the requests of the calibration were as long. */
function hasHeadsOf({ route: calibrated }: PathCalibration, route: RouteRecord | undefined): boolean {
  const headsOf = (way: RouteRecord | undefined) => `${way?.headers ?? 'minimal'} ${way?.cookieBytes ?? 0}`;
  return headsOf(calibrated) === headsOf(route);
}

function tableOf({ planned, transports }: ScenarioAnalysis, { record, path, route }: Measured): Table | false {
  // A record may have a kind of payload that this version does not know. The model takes its size alone.
  const scenario = planned.scenario as Scenario;
  const link = plannedLink(planned, record);
  if (!isCovered(scenario, link)) return false;
  const question = { scenario, rttMs: link.rttMs, nodes: route?.nodes ?? 1 };
  const rows = transports.flatMap((row) => {
    const measured = row.valid.map(({ trial }) => ({ trial, scenario }));
    const repeats = { transport: row.transport, measured, figures: row.medians };
    const residuals = residualsOfTrials(question, path, repeats);
    return residuals.length > 0 ? [{ row, residuals }] : [];
  });
  if (rows.length === 0) return false;
  const title = titleOf(planned);
  return { title, markup: residualTable(title, rows) };
}

/** The model takes channels as independent, polls as spread evenly, and links as free of loss and as fast as any. */
function isCovered({ broadcast, pollCohortsMs }: Scenario, link: LinkRecord): boolean {
  const { jitterMs, lossShare, bandwidthBitsPerSecond } = link;
  return !broadcast && !pollCohortsMs && jitterMs === 0 && lossShare === 0 && bandwidthBitsPerSecond === null;
}

type Row = { readonly row: TransportAnalysis; readonly residuals: readonly Residual[] };

function residualTable(title: string, rows: readonly Row[]): Markup {
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
