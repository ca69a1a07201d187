import { analyseRun, type RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { filesOf, writeWhole } from '../../results/store/files.ts';
import { readRun } from '../../results/store/read-run.ts';
import { downloadsOf } from '../export/downloads.ts';
import { embeddedJson, html, type Markup, trusted } from '../markup/markup.ts';
import { chartData } from '../pictures/chart-data.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { decisionSection } from '../sections/decision.ts';
import { doubtsSection } from '../sections/doubts.ts';
import { downloadsSection } from '../sections/downloads.ts';
import { everyFigureSection } from '../sections/every-figure.ts';
import { costPictures, freshnessCostSection } from '../sections/freshness-cost.ts';
import { masthead } from '../sections/masthead.ts';
import { methodSection } from '../sections/method.ts';
import { modelSection } from '../sections/model.ts';
import { originSection } from '../sections/origin.ts';
import { pathsSection } from '../sections/paths.ts';
import { proxySection } from '../sections/proxy.ts';
import { scenarioSection } from '../sections/scenario.ts';
import { selfComparisonSection } from '../sections/self-comparison.ts';
import { stormSection } from '../sections/storm.ts';
import { verdictSection } from '../sections/verdict.ts';
import { yourNumbersSection } from '../sections/your-numbers.ts';
import { sweepSection } from '../sweep/sweep.ts';
import { transportMapSection } from '../sweep/transport-map.ts';
import { browserScript } from './bundle.ts';
import { numbersOfRun } from './numbers-of-run.ts';
import { policy, styles } from './shell.ts';

export type ReportOptions = {
  /** The transport to compare the others with; short polling by default. */
  readonly reference?: Transport;
};

/**
 * Writes the page of the run in `directory` atomically and returns its path: `report.html` beside the records, unless
 * another is given. Throws what `readRun` throws, and `UnwritableFile`.
 */
export async function writeReport(
  directory: string,
  options: ReportOptions = {},
  path: string = filesOf(directory).report,
): Promise<string> {
  writeWhole(path, await renderReport(readRun(directory), options, directory));
  return path;
}

/** The page of a run as one file. It works without a network, and its tables work without scripts. */
export async function renderReport(run: Run, options: ReportOptions = {}, directory?: string): Promise<string> {
  const analysis = analyseRun(run, options);
  const script = await browserScript();
  const css = styles();
  return `<!doctype html>\n${page(analysis, { script, css, numbers: numbersOfRun(run, directory) }).text}\n`;
}

/** What the page is made of besides the analysis. `numbers`: absent where nothing was calibrated. */
type Parts = { readonly script: string; readonly css: string; readonly numbers: NumbersData | undefined };

function page(analysis: RunAnalysis, { script, css, numbers }: Parts): Markup {
  const downloads = downloadsOf(analysis);
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, css)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${analysis.run.record.name}: polling vs WebSocket</title>
<style>${trusted(css)}</style>
</head>
<body>
<main>
${masthead(analysis)}
${analysis.run.record.plan.aa ? selfComparisonSection(analysis) : verdictSection(analysis)}
${sweepSection(analysis, numbers)}
${transportMapSection(analysis, numbers)}
${pathsSection(analysis)}
${stormSection(analysis)}
${freshnessCostSection(analysis)}
${numbers && yourNumbersSection(numbers)}
${decisionSection(analysis)}
${analysis.scenarios.map((scenario, index) => scenarioSection(scenario, index, analysis))}
${proxySection(analysis)}
${everyFigureSection(analysis)}
${numbers && modelSection(analysis, numbers)}
${methodSection(analysis)}
${doubtsSection(analysis)}
${originSection(analysis)}
${downloadsSection(downloads)}
</main>
<script type="application/json" id="data">${embeddedJson(chartData(analysis))}</script>
<script type="application/json" id="costs">${embeddedJson(costPictures(analysis))}</script>
<script type="application/json" id="downloads">${embeddedJson(downloads)}</script>
${
  numbers &&
  html`<script type="application/json" id="numbers-data">${embeddedJson(numbers)}</script>
`
}<script>${trusted(script)}</script>
</body>
</html>`;
}
