import type picocolors from 'picocolors';
import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { formatFigure } from '../../analysis/figures/figures.ts';
import { formatNumber } from '../../analysis/figures/format.ts';
import { findingOf, type PathFinding } from '../../analysis/paths/path-finding.ts';
import { pathText } from '../../analysis/paths/path-text.ts';
import { type PathTable, pathTableOf, staysOnHttp1 } from '../../analysis/paths/paths.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { plainText, wrapText } from '../../text/plain-text.ts';
import { isOverHttp1, mixedNote, ratioNote, ratioTargets } from '../sentences/path-cells.ts';
import { fullTitle, type MeasuredPaths, measuresOf } from '../sentences/path-measures.ts';

type Paper = { readonly width: number; readonly colors: ReturnType<typeof picocolors.createColors> };

const gap = '  ';
/** Short, so that four titles and a path fit into 80 columns. */
const shortTitles: Readonly<Partial<Record<Transport, string>>> = {
  'short-polling': 'Short poll',
  'long-polling': 'Long poll',
};

/** The paths of a scenario side by side, starting with an empty line. No lines if the run has only one path. */
export function pathsBlock(scenario: ScenarioAnalysis, analysis: RunAnalysis, paper: Paper): readonly string[] {
  const found = pathTableOf(scenario, analysis);
  if (!found) return [];
  const { bold, dim } = paper.colors;
  const { headline, details } = pathText(found);
  return [
    '',
    bold('Does the path change the answer?'),
    ...wrapText(plainText(headline), paper.width),
    ...details.flatMap((detail) => bullet(plainText(detail), paper)),
    ...measuresOf(found).flatMap((measure) => ['', ...measureLines(measure, found, paper)]),
    ...wrapText(noteOf(found), paper.width).map(dim),
  ];
}

/** Explains the signs in the tables. */
function noteOf(table: PathTable): string {
  const { lines } = table;
  const isJudged = lines.some(({ cells }) =>
    cells.some(({ changes }) => changes && Object.values(changes).some((change) => findingOf(change) !== undefined)),
  );
  const hasStaying = lines.some((line) => line.cells.some((cell) => staysOnHttp1(cell, line)));
  return [
    ...(isJudged
      ? [
          `×: ratio to ${plainText(ratioTargets(table))}. =: the same within 1%; ?: cannot tell, or not enough repeats.${plainText(mixedNote(table))}`,
        ]
      : [ratioNote(table)]),
    ...(hasStaying ? ['¹: on HTTP/1.1 over TLS.'] : []),
  ].join(' ');
}

function measureLines(measure: MeasuredPaths, table: PathTable, { width, colors }: Paper): readonly string[] {
  const transports = table.lines[0]?.cells.map(({ row }) => row.transport) ?? [];
  const head = ['', ...transports.map((transport) => shortTitles[transport] ?? transportTitles[transport])];
  const full = rowsOf(measure, true);
  // A narrow terminal gets only the medians, a very narrow one a list instead of a table.
  const rows = lengthOf([head, ...full]) <= width ? full : rowsOf(measure, false);
  if (lengthOf([head, ...rows]) > width)
    return [...wrapText(fullTitle(measure), width), ...listLines(head, rows, width)];
  const widths = widthsOf([head, ...rows]);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join(gap);
  return [...wrapText(fullTitle(measure), width), colors.dim(line(head)), ...rows.map(line)];
}

function listLines(head: readonly string[], rows: readonly (readonly string[])[], width: number): readonly string[] {
  return rows.flatMap(([route, ...cells]) => {
    const told = cells.map((cell, index) => `${head[index + 1]} ${cell}`).join(', ');
    return bullet(`${route}: ${told}`, { width });
  });
}

const marks: Readonly<Partial<Record<PathFinding, string>>> = { same: '=', 'cannot-tell': '?', unresolved: '?' };

function rowsOf({ key, question, lines }: MeasuredPaths, withRatios: boolean): readonly (readonly string[])[] {
  return lines.map((each) => [
    plainText(each.route, 40),
    ...each.cells.map((cell) => {
      const { row, changes } = cell;
      const change = question && changes?.[question];
      const mark = isOverHttp1(cell, each, key) ? '¹' : '';
      const value = `${formatFigure(key, row.medians[key])}${mark}`;
      const finding = findingOf(change);
      if (!withRatios || !finding || !change?.estimate) return value;
      return `${value} ${marks[finding] ?? `×${formatNumber(change.estimate.ratio)}`}`;
    }),
  ]);
}

function lengthOf(rows: readonly (readonly string[])[]): number {
  const widths = widthsOf(rows);
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}

function bullet(text: string, { width }: Pick<Paper, 'width'>): readonly string[] {
  return wrapText(text, width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}
