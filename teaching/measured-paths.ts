import type { RunAnalysis } from '../analysis/comparison/run-analysis.ts';
import { formatFigure } from '../analysis/figures/figures.ts';
import { formatNumber } from '../analysis/figures/format.ts';
import { findingOf } from '../analysis/paths/path-finding.ts';
import { pathText } from '../analysis/paths/path-text.ts';
import { type PathCell, type PathLine, type PathTable, pathTableOf, staysOnHttp1 } from '../analysis/paths/paths.ts';
import { transportTitles } from '../protocol/transport.ts';
import { type MeasuredPaths, measuresOf, rowTitle } from '../report/sentences/path-measures.ts';
import { BadMarker } from './markers/markers.ts';
import { keyNamed, markdownTable, scenarioNamed } from './measured.ts';

/** A Markdown table of one figure, a row per path. Ratios are to the first path or to the one that the row names. */
export function pathTableText(analysis: RunAnalysis, scenario = '', name = ''): string {
  const table = tableNamed(analysis, scenario);
  const key = keyNamed(name);
  const measure = measuresOf(table).find((each) => each.key === key);
  if (!measure) throw new BadMarker(`${key} is not told of paths`);
  const transports = table.lines[0]?.cells.map(({ row }) => transportTitles[row.transport]) ?? [];
  const rows = measure.lines.map((line) => [
    rowTitle(line, measure),
    ...line.cells.map((cell) => cellOf(cell, line, measure)),
  ]);
  return markdownTable([['', ...transports], ...rows]);
}

/** The report's sentence on whether the path changes the order of the transports. */
export function pathAnswerText(analysis: RunAnalysis, scenario = ''): string {
  return pathText(tableNamed(analysis, scenario)).headline;
}

function cellOf(cell: PathCell, line: PathLine, { key, question }: MeasuredPaths): string {
  const change = question && cell.changes?.[question];
  const ratio =
    findingOf(change) === 'differs' && change?.estimate ? ` ×${formatNumber(change.estimate.ratio, 3)}` : '';
  return `${formatFigure(key, cell.row.medians[key])}${ratio}${staysOnHttp1(cell, line) ? '¹' : ''}`;
}

function tableNamed(analysis: RunAnalysis, scenario: string): PathTable {
  const found = pathTableOf(scenarioNamed(analysis, scenario), analysis);
  if (!found) throw new BadMarker(`${scenario} was run over one path only`);
  return found;
}
