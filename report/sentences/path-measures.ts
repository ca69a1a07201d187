import { type FigureKey, figures } from '../../analysis/figures/figures.ts';
import type { DeclaredQuestion } from '../../analysis/figures/question.ts';
import type { PathLine, PathTable } from '../../analysis/paths/paths.ts';

type Lines = readonly PathLine[];

/** A figure that is shown side by side for several paths. */
export type PathMeasure = {
  readonly key: FigureKey;
  readonly title: string;
  /** The one that it answers; without it there are medians alone. */
  readonly question?: DeclaredQuestion;
  /** Selects the paths to show. */
  readonly among: (lines: Lines) => Lines;
};

const everyPath = (lines: Lines) => lines;
const proxied = (lines: Lines) => lines.filter(({ record }) => record?.proxy);
const compressed = (lines: Lines) => lines.filter(({ record }) => record?.compression);

/** Those over HTTP/2, and what they are compared with. */
function askedOverHttp2(lines: Lines): Lines {
  const over = lines.filter(({ record }) => record?.http === 2);
  return lines.filter((line) => over.some(({ route, partner }) => [route, partner?.route].includes(line.route)));
}

const measures: readonly PathMeasure[] = [
  { key: 'latency.p50', title: 'Delivery latency, median', question: 'freshness', among: everyPath },
  { key: 'bytes.total', title: 'Bytes per client and minute, at the sockets', question: 'bytes', among: everyPath },
  { key: 'bytes.request.up', title: 'Headers and framing of one request, up', among: askedOverHttp2 },
  { key: 'bytes.request.down', title: 'Headers and framing of one answer, down', among: askedOverHttp2 },
  { key: 'bytes.down.compressed', title: 'Updates as compressed, of what they were', among: compressed },
  { key: 'cpu.serving.update', title: 'Server CPU per published update', question: 'server-cpu', among: everyPath },
  { key: 'cpu.proxy.update', title: 'Proxy CPU per published update', among: proxied },
];

/** A measure with the paths that have it. */
export type MeasuredPaths = Omit<PathMeasure, 'among'> & {
  readonly lines: Lines;
  /** Contents of the figure that only some of the paths have. */
  readonly note?: string;
};

/** Those that were measured anywhere. */
export function measuresOf({ lines }: PathTable): readonly MeasuredPaths[] {
  return measures
    .map(({ among, ...measure }) => ({ ...measure, lines: among(lines), ...noteOn(measure.key, lines) }))
    .filter(({ key, lines: shown }) =>
      shown.some(({ cells }) => cells.some(({ row }) => row.medians[key] !== undefined)),
    );
}

/** If all paths are direct, there is one server, and it is not mentioned. */
function noteOn(key: FigureKey, lines: Lines): Pick<MeasuredPaths, 'note'> {
  const { note } = figures[key];
  const applies = lines.some(({ record }) => record && (record.proxy !== null || record.nodes > 1));
  return note !== undefined && applies ? { note } : {};
}

/** What a row is called: its path, and the one that its ratios are to where that is not the main one: `h2 over tls`. */
export function rowTitle({ route, partner, cells }: PathLine, { question }: Pick<PathMeasure, 'question'>): string {
  const judged = question && cells.some(({ changes }) => changes && changes[question].outcome !== 'too-few');
  return judged && partner && !partner.isMain ? `${route} over ${partner.route}` : route;
}

/** The title with what the figure contains, where both stand on one line. */
export function fullTitle({ title, note }: MeasuredPaths): string {
  return note === undefined ? title : `${title}: ${note}`;
}
