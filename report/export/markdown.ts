import { analyseRun, type RunAnalysis, type ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { figures } from '../../analysis/figures/figures.ts';
import { pathText } from '../../analysis/paths/path-text.ts';
import { type PathTable, pathTableOf } from '../../analysis/paths/paths.ts';
import { type Cell, decisionTable } from '../../analysis/verdict/decision.ts';
import { type Transport, transports, transportTitles } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { cpuNotes } from '../sentences/cpu-note.ts';
import { judgementTitles, pollingText } from '../sentences/decision-text.ts';
import { loadText } from '../sentences/facts.ts';
import { limitTexts } from '../sentences/limit-text.ts';
import { markNotes, medianWithRange } from '../sentences/median-text.ts';
import {
  columnsNote,
  columnsOf,
  failureTexts,
  hasTrials,
  verdictTexts,
  warningTexts,
} from '../sentences/outcome-text.ts';
import { cellText, ratioNote } from '../sentences/path-cells.ts';
import { fullTitle, type MeasuredPaths, measuresOf, rowTitle } from '../sentences/path-measures.ts';
import { plainTitle } from '../sentences/plain-title.ts';
import { scenarioPath } from '../sentences/run-path.ts';
import { stormSentences } from '../sentences/storm-text.ts';
import { capacityMarkdown } from './capacity-markdown.ts';
import { escaped, list, markdownTable } from './markdown-text.ts';

export type MarkdownOptions = {
  /** The transport to compare the others with; short polling by default. */
  readonly reference?: Transport;
};

/**
 * A run as GitHub Markdown (https://github.github.com/gfm/): table and verdicts of each scenario, the decision table,
 * failed trials and warnings.
 */
export function renderMarkdown(run: Run, options: MarkdownOptions = {}): string {
  const capacity = capacityMarkdown(run);
  if (capacity !== undefined) return capacity;
  const analysis = analyseRun(run, options);
  const { name, version, seed, startedAt, environment } = run.record;
  const where = `${environment.cpuModel}, ${environment.cores} cores, Node.js ${environment.node}`;
  const blocks = [
    `# ${escaped(name, 60)}`,
    escaped(`Measured ${startedAt} by polling-vs-websocket ${version}, seed ${seed}, on ${where}.`),
    ...analysis.scenarios.flatMap((scenario) => scenarioBlocks(scenario, analysis)),
    ...decisionBlocks(analysis),
    ...listBlocks('Failed trials', failureTexts(analysis)),
    ...listBlocks(
      'Warnings',
      warningTexts(analysis).map(({ text }) => text),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlocks(scenario: ScenarioAnalysis, analysis: RunAnalysis): readonly string[] {
  const { planned, transports } = scenario;
  const head = [
    `## ${escaped(plainTitle(planned.scenario.title, planned.point))}`,
    escaped(loadText(planned, scenarioPath(planned, analysis.run))),
  ];
  if (!hasTrials(scenario)) return [...head, 'No trial has ended.'];
  const notes = markNotes(
    transports,
    columnsOf(scenario).map(({ key }) => key),
  );
  return [
    ...head,
    table(scenario),
    escaped(
      [
        `Medians of the valid repeats (the least and the greatest). ${columnsNote(scenario)}`,
        ...notes,
        ...limitTexts(transports),
      ].join(' '),
    ),
    list([
      ...verdictTexts(scenario, analysis),
      ...stormSentences(scenario, analysis),
      ...cpuNotes(analysis.run.record),
    ]),
    ...pathBlocks(scenario, analysis),
  ];
}

/** Only for several paths: what the path changes, and a table for each measure. */
function pathBlocks(scenario: ScenarioAnalysis, analysis: RunAnalysis): readonly string[] {
  const found = pathTableOf(scenario, analysis);
  if (!found) return [];
  const { headline, details } = pathText(found);
  return [
    '### Does the path change the answer?',
    `**${escaped(headline)}**`,
    ...(details.length > 0 ? [list(details)] : []),
    ...measuresOf(found).map((measure) => pathTable(measure, found)),
    escaped(ratioNote(found)),
  ];
}

function pathTable(measure: MeasuredPaths, { lines }: PathTable): string {
  const head = [fullTitle(measure), ...(lines[0]?.cells ?? []).map(({ row }) => transportTitles[row.transport])];
  const rows = measure.lines.map((line) => [
    rowTitle(line, measure),
    ...line.cells.map((cell) => {
      const { value, ratio, notes } = cellText(cell, line, measure);
      return [value, ...(ratio === undefined ? [] : [ratio]), ...notes].join('; ');
    }),
  ]);
  return markdownTable(
    [head, ...rows].map((row) => row.map((cell) => escaped(cell, 200))),
    '--:',
  );
}

function table(scenario: ScenarioAnalysis): string {
  const { transports: measured } = scenario;
  const columns = columnsOf(scenario);
  const head = ['Transport', 'repeats', ...columns.map(({ key }) => figures[key].short)];
  const rows = measured.map((row) => [
    transportTitles[row.transport],
    row.valid.length === row.planned ? `${row.planned}` : `${row.valid.length} of ${row.planned}`,
    ...columns.map(({ key }) => medianWithRange(row, key)),
  ]);
  return markdownTable(
    [head, ...rows].map((row) => row.map((cell) => escaped(cell))),
    '--:',
  );
}

/** The decision table. Cells backed by trials of this run start with bold text. */
function decisionBlocks(analysis: RunAnalysis): readonly string[] {
  const rows = decisionTable(analysis);
  const cell = ({ judgement, reason, evidence }: Cell) =>
    evidence
      ? `**${escaped(`${judgementTitles[judgement]}.`)}** ${escaped(`${evidence.text} (${evidence.title}). ${reason}`, 400)}`
      : escaped(`${judgementTitles[judgement]}. ${reason}`);
  return [
    '## Which one for which need',
    'Bold: measured in this run, in the scenario that is named. The rest is reasoning.',
    markdownTable([
      ['Need', ...transports.map((transport) => transportTitles[transport])],
      ...rows.map(({ topic, need, cells }) => [escaped(`${topic}: ${need}`), ...cells.map(cell)]),
    ]),
    escaped(pollingText(rows)),
  ];
}

function listBlocks(heading: string, texts: readonly string[]): readonly string[] {
  return texts.length > 0 ? [`## ${heading}`, list(texts)] : [];
}
