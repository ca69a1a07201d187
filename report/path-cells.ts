import { isCold } from '../analysis/comparison.ts';
import { type FigureKey, formatFigure } from '../analysis/figures.ts';
import type { PathQuestion } from '../analysis/path-answer.ts';
import { type PathCell, type PathChange, type PathLine, type PathTable, staysOnHttp1 } from '../analysis/paths.ts';
import type { RatioEstimate } from '../analysis/statistics.ts';
import { plainRatio } from '../analysis/verdict.ts';
import { faultsOf, isIncomplete } from './outcome-text.ts';

/** A figure by which paths are told side by side, and the question it answers; the proxy has no path to compare with. */
type PathMeasure = {
  readonly key: FigureKey;
  readonly title: string;
  readonly question?: PathQuestion;
};

const measures: readonly PathMeasure[] = [
  { key: 'latency.p50', title: 'Delivery latency, median', question: 'freshness' },
  { key: 'bytes.total', title: 'Bytes per client and minute, at the sockets', question: 'bytes' },
  { key: 'cpu.server.update', title: 'Server CPU per published update', question: 'server-cpu' },
  { key: 'cpu.proxy.update', title: 'Proxy CPU per published update' },
];

/** A measure with the paths that have it. */
export type MeasuredPaths = PathMeasure & { readonly lines: readonly PathLine[] };

/** Those that were measured anywhere; of the proxy only the paths that have one. */
export function measuresOf({ lines }: PathTable): readonly MeasuredPaths[] {
  return measures
    .map((measure) => ({
      ...measure,
      lines: measure.question ? lines : lines.filter(({ record }) => record?.proxy),
    }))
    .filter(({ key, lines: shown }) =>
      shown.some(({ cells }) => cells.some(({ row }) => row.medians[key] !== undefined)),
    );
}

/** What the data say of a path: that it costs more or less, that it is the same as good as exactly, or nothing. */
export type PathFinding = 'differs' | 'same' | 'cannot-tell';

/** What stands in one cell: the median, and in small what is to be known about it. */
type CellText = {
  readonly value: string;
  /** The ratio to the main path with its 95% interval, such as `× 1.31 (1.28 to 1.34)`, or why there is none to speak of. */
  readonly ratio: string | undefined;
  /** `undefined` on the main path, and where nothing was judged. */
  readonly finding: PathFinding | undefined;
  readonly notes: readonly string[];
};

export function cellText(cell: PathCell, line: PathLine, { key, question }: PathMeasure): CellText {
  const { row, changes } = cell;
  const finding = findingOf(question && changes?.[question]);
  const estimate = question && changes?.[question].estimate;
  const ratio = finding && estimate && ratioTexts[finding](estimate);
  return { value: formatFigure(key, row.medians[key]), ratio, finding, notes: notesOf(cell, line, question) };
}

const ratioTexts: Readonly<Record<PathFinding, (estimate: RatioEstimate) => string>> = {
  differs: (estimate) => `× ${plainRatio(estimate)}`,
  same: () => 'the same',
  'cannot-tell': (estimate) => `cannot tell: × ${plainRatio(estimate)}`,
};

/** An interval that lies within this of 1 is no open question any more. */
const negligible = 0.01;

export function findingOf(change: PathChange | undefined): PathFinding | undefined {
  if (!change?.estimate || change.outcome === 'too-few') return undefined;
  const { low, high } = change.estimate;
  if (low >= 1 - negligible && high <= 1 + negligible) return 'same';
  return change.outcome === 'cannot-tell' ? 'cannot-tell' : 'differs';
}

function notesOf(cell: PathCell, line: PathLine, question: PathQuestion | undefined): readonly string[] {
  const { row } = cell;
  const cold = question === 'server-cpu' && row.valid.some(({ trial }) => isCold(trial));
  return [
    ...(staysOnHttp1(cell, line) ? ['on HTTP/1.1 over TLS'] : []),
    ...(isIncomplete(row) ? [faultsOf(row)] : []),
    ...(cold ? ['cold'] : []),
  ];
}

/** How to read the ratios, or why there are none. */
export function ratioNote({ lines, planned }: PathTable): string {
  const judged = lines.some(({ cells }) =>
    cells.some(({ changes }) => changes && Object.values(changes).some(({ outcome }) => outcome !== 'too-few')),
  );
  const main = lines[0]?.route ?? '';
  const isAnyCold = lines.some(({ cells }) => cells.some(({ row }) => row.valid.some(({ trial }) => isCold(trial))));
  const cold = isAnyCold ? ' Cold: CPU that still holds compiling decides nothing.' : '';
  if (!judged) {
    const few = planned.repeats < 3 ? 'they need three repeats' : 'fewer than three valid repeats';
    return `No ratios: ${few}.${cold}`;
  }
  return `×: the ratio to ${main}, paired by block, with its 95% interval, corrected for all that is asked of a path (Holm). The same: within 1%.${cold}`;
}
