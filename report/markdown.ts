import { figures } from '../analysis/figures.ts';
import { analyseRun, type RunAnalysis, type ScenarioAnalysis } from '../analysis/run-analysis.ts';
import { transportTitles } from '../protocol/transport.ts';
import type { Run } from '../results/schema.ts';
import { loadText } from './facts.ts';
import { hasWeakTail, medianText, weakNote } from './median-text.ts';
import { columns, failureTexts, hasTrials, verdictTexts, warningTexts } from './outcome-text.ts';
import { plainText } from './plain-text.ts';

/** A run as GitHub Markdown (https://github.github.com/gfm/): a table and the verdicts of each scenario, and what to doubt. */
export function renderMarkdown(run: Run): string {
  const analysis = analyseRun(run);
  const { name, version, seed, startedAt, environment } = run.record;
  const where = `${environment.cpuModel}, ${environment.cores} cores, Node.js ${environment.node}`;
  const blocks = [
    `# ${escaped(name, 60)}`,
    escaped(`Measured ${startedAt} by polling-vs-websocket ${version}, seed ${seed}, on ${where}.`),
    ...analysis.scenarios.flatMap((scenario) => scenarioBlocks(scenario, analysis)),
    ...listBlocks('Failed trials', failureTexts(analysis)),
    ...listBlocks(
      'Warnings',
      warningTexts(analysis).map(({ text }) => text),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlocks(scenario: ScenarioAnalysis, { reference, run }: RunAnalysis): readonly string[] {
  const { planned, transports } = scenario;
  const head = [`## ${escaped(planned.scenario.title, 60)}`, escaped(loadText(planned, run.record.plan.rttMs))];
  if (!hasTrials(scenario)) return [...head, 'No trial has ended.'];
  const weak = transports.some(hasWeakTail) ? ` ${weakNote}` : '';
  return [
    ...head,
    table(scenario),
    escaped(`Medians of the valid repeats. Down, up and requests: per client and minute.${weak}`),
    list(verdictTexts(scenario, reference)),
  ];
}

function table({ transports }: ScenarioAnalysis): string {
  const head = ['Transport', 'repeats', ...columns.map(({ key }) => figures[key].short)];
  const rows = transports.map((row) => [
    transportTitles[row.transport],
    row.valid.length === row.planned ? `${row.planned}` : `${row.valid.length} of ${row.planned}`,
    ...columns.map(({ key }) => medianText(row, key)),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column === 0 ? ':--' : '--:')));
  return [
    line(head.map((cell) => escaped(cell))),
    rule,
    ...rows.map((row) => line(row.map((cell) => escaped(cell)))),
  ].join('\n');
}

function listBlocks(heading: string, texts: readonly string[]): readonly string[] {
  return texts.length > 0 ? [`## ${heading}`, list(texts)] : [];
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `- ${escaped(text)}`).join('\n');
}

/**
 * Text as it is, whatever it looks like: no markup, no HTML, no table cell, no link made by itself, no mention. One line.
 * A backslash takes the meaning of punctuation; GitHub looks for mentions only after that, so they get a comment inside.
 */
export function escaped(text: string, longest?: number): string {
  return plainText(text, longest)
    .replace(/[\\`*_[\]<>|#~&!]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/@(?=\w)/g, '@<!-- -->');
}
