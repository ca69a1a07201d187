import { type FigureKey, formatFigure } from '../../analysis/figures/figures.ts';
import { findingOf, type PathFinding } from '../../analysis/paths/path-finding.ts';
import { aspectWords } from '../../analysis/paths/path-partner.ts';
import { type PathCell, type PathLine, type PathTable, staysOnHttp1 } from '../../analysis/paths/paths.ts';
import type { RatioEstimate } from '../../analysis/statistics/statistics.ts';
import { isCold } from '../../analysis/validity/validity.ts';
import { listed } from '../../analysis/verdict/headline.ts';
import { plainRatio } from '../../analysis/verdict/verdict.ts';
import { faultsOf, isIncomplete } from './outcome-text.ts';
import type { PathMeasure } from './path-measures.ts';

/** The texts of one cell: the median, and the small print below it. */
type CellText = {
  readonly value: string;
  /** Ratio to the path's partner with its 95% interval: `× 1.31 (1.28 to 1.34)`, `the same`, `cannot tell: × …`. */
  readonly ratio: string | undefined;
  /** `undefined` on the main path and for measures that are not judged. */
  readonly finding: PathFinding | undefined;
  readonly notes: readonly string[];
};

type Measure = Pick<PathMeasure, 'key' | 'question'>;

export function cellText(cell: PathCell, line: PathLine, measure: Measure): CellText {
  const { key, question } = measure;
  const { row, changes } = cell;
  const finding = findingOf(question && changes?.[question]);
  const estimate = question && changes?.[question].estimate;
  const ratio = finding && estimate && ratioTexts[finding](estimate);
  return { value: formatFigure(key, row.medians[key]), ratio, finding, notes: notesOf(cell, line, measure) };
}

const ratioTexts: Readonly<Record<PathFinding, (estimate: RatioEstimate) => string>> = {
  differs: (estimate) => `× ${plainRatio(estimate)}`,
  same: () => 'the same',
  'cannot-tell': (estimate) => `cannot tell: × ${plainRatio(estimate)}`,
  unresolved: (estimate) => `not enough repeats: × ${plainRatio(estimate)}`,
};

/** Whether the cell has a value measured over HTTP/1.1 on a path that uses HTTP/2. */
export function isOverHttp1(cell: PathCell, line: PathLine, key: FigureKey): boolean {
  return cell.row.medians[key] !== undefined && staysOnHttp1(cell, line);
}

function notesOf(cell: PathCell, line: PathLine, { key, question }: Measure): readonly string[] {
  const { row } = cell;
  const cold = question === 'server-cpu' && row.valid.some(({ trial }) => isCold(trial));
  return [
    ...(isOverHttp1(cell, line, key) ? ['on HTTP/1.1 over TLS'] : []),
    ...(isIncomplete(row) ? [faultsOf(row)] : []),
    ...(cold ? ['cold'] : []),
  ];
}

/** Explains how to read the ratios, or why there are none. */
export function ratioNote(table: PathTable): string {
  const { lines, planned } = table;
  const isAnyCold = lines.some(({ cells }) => cells.some(({ row }) => row.valid.some(({ trial }) => isCold(trial))));
  const cold = isAnyCold ? ' Cold: CPU that still holds compiling decides nothing.' : '';
  if (!hasRatios(table)) {
    const few = planned.repeats < 3 ? 'they need three repeats' : 'fewer than three valid repeats';
    return `No ratios: ${few}.${cold}`;
  }
  const elsewhere = lines.some(({ partner }) => partner && !partner.isMain) ? ' where a row names no other' : '';
  return (
    `×: the ratio to ${lines[0]?.route ?? ''}${elsewhere}, paired by block, with its 95% interval, corrected for all ` +
    `that is asked of a path (Holm). The same: within 1%.${mixedNote(table)}${cold}`
  );
}

/** Whether any comparison had enough repeats for a ratio. */
function hasRatios({ lines }: PathTable): boolean {
  return lines.some(({ cells }) =>
    cells.some(({ changes }) => changes && Object.values(changes).some(({ outcome }) => outcome !== 'too-few')),
  );
}

/** ` The ratio of h2 contains TLS and HTTP/2.`, for each path that differs from its partner in more than one aspect. */
export function mixedNote({ lines }: PathTable): string {
  return lines
    .flatMap(({ route, partner }) => {
      const contained = (partner?.differsIn ?? []).map((aspect) => aspectWords[aspect]);
      return contained.length > 1 ? [` The ratio of ${route} contains ${listed(contained, 'and')}.`] : [];
    })
    .join('');
}

/** The partner of each path, for rows that do not name it: `direct; of nginx+tls and h2 to tls`. */
export function ratioTargets({ lines }: PathTable): string {
  const partners = [...new Set(lines.flatMap(({ partner }) => (partner && !partner.isMain ? [partner.route] : [])))];
  const others = partners.map((name) => {
    const routes = lines.filter(({ partner }) => partner?.route === name).map(({ route }) => route);
    return `; of ${listed(routes, 'and')} to ${name}`;
  });
  return `${lines[0]?.route ?? ''}${others.join('')}`;
}
