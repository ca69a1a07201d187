import { analyseRun, type RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { filesOf, writeWhole } from '../../results/store/files.ts';
import { readRun } from '../../results/store/read-run.ts';
import { capacityOutcome } from '../capacity/capacity-outcome.ts';
import { downloadsOf } from '../export/downloads.ts';
import { html, type Markup } from '../markup/markup.ts';
import { chartData } from '../pictures/chart-data.ts';
import { numbersOfRun } from '../prediction/numbers-of-run.ts';
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
import { capacityMain } from './capacity-main.ts';
import { wholePage } from './shell.ts';

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

/** The page of a run as one file: of what it searched for, or of what it compared. */
export function renderReport(run: Run, options: ReportOptions = {}, directory?: string): Promise<string> {
  const numbers = numbersOfRun(run, directory);
  const capacity = capacityOutcome(run, numbers?.path);
  const title = `${run.record.name}: polling vs WebSocket`;
  if (capacity) return wholePage({ title, main: capacityMain(capacity, run), data: {} });
  const analysis = analyseRun(run, options);
  const downloads = downloadsOf(analysis);
  return wholePage({
    title,
    main: comparedMain(analysis, numbers, downloads),
    data: {
      data: chartData(analysis),
      costs: costPictures(analysis),
      downloads,
      ...(numbers && { 'numbers-data': numbers }),
    },
  });
}

/** `numbers`: undefined where nothing was calibrated. */
function comparedMain(
  analysis: RunAnalysis,
  numbers: NumbersData | undefined,
  downloads: ReturnType<typeof downloadsOf>,
): Markup {
  return html`${masthead(analysis)}
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
${downloadsSection(downloads)}`;
}
