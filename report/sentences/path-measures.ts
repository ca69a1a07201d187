import { type BytePlace, byteFigures, placeWords } from '../../analysis/figures/byte-place.ts';
import { type FigureKey, figures } from '../../analysis/figures/figures.ts';
import type { DeclaredQuestion } from '../../analysis/figures/question.ts';
import type { PathLine, PathTable } from '../../analysis/paths/paths.ts';

type Lines = readonly PathLine[];

/** A figure that the report shows side by side for several paths. */
export type PathMeasure = {
  readonly key: FigureKey;
  readonly title: string;
  /** The question that the figure answers. Without one, only medians are shown. */
  readonly question?: DeclaredQuestion;
  /** Selects the paths to show. */
  readonly among: (lines: Lines) => Lines;
};

const everyPath = (lines: Lines) => lines;
const proxied = (lines: Lines) => lines.filter(({ record }) => record?.proxy);
const compressed = (lines: Lines) => lines.filter(({ record }) => record?.compression);

/** The paths over HTTP/2 and their partners. */
function askedOverHttp2(lines: Lines): Lines {
  const over = lines.filter(({ record }) => record?.http === 2);
  return lines.filter((line) => over.some(({ route, partner }) => [route, partner?.route].includes(line.route)));
}

const measures = (place: BytePlace): readonly PathMeasure[] => [
  { key: 'latency.p50', title: 'Delivery latency, median', question: 'freshness', among: everyPath },
  {
    key: byteFigures[place].both,
    title: `Bytes per client and minute, ${placeWords[place]}`,
    question: 'bytes',
    among: everyPath,
  },
  { key: 'bytes.request.up', title: 'Headers and framing of one request, up', among: askedOverHttp2 },
  { key: 'bytes.request.down', title: 'Headers and framing of one answer, down', among: askedOverHttp2 },
  { key: 'bytes.down.compressed', title: 'Updates as compressed, of what they were', among: compressed },
  { key: 'cpu.serving.update', title: 'Server CPU per published update', question: 'server-cpu', among: everyPath },
  { key: 'cpu.proxy.update', title: 'Proxy CPU per published update', among: proxied },
];

/** A measure with the paths to show it for. */
export type MeasuredPaths = Omit<PathMeasure, 'among'> & {
  readonly lines: Lines;
  /** What the figure includes when a path has a proxy or several nodes. */
  readonly note?: string;
};

/** The measures with a value in at least one cell. */
export function measuresOf({ lines, place }: PathTable): readonly MeasuredPaths[] {
  return measures(place)
    .map(({ among, ...measure }) => ({ ...measure, lines: among(lines), ...noteOn(measure.key, lines) }))
    .filter(({ key, lines: shown }) =>
      shown.some(({ cells }) => cells.some(({ row }) => row.medians[key] !== undefined)),
    );
}

/** Only paths with a proxy or several nodes need the note: otherwise there is a single server process. */
function noteOn(key: FigureKey, lines: Lines): Pick<MeasuredPaths, 'note'> {
  const { note } = figures[key];
  const applies = lines.some(({ record }) => record && (record.proxy !== null || record.nodes > 1));
  return note !== undefined && applies ? { note } : {};
}

/** The path, followed by the partner of its ratios unless that is the main path: `h2 over tls`. */
export function rowTitle({ route, partner, cells }: PathLine, { question }: Pick<PathMeasure, 'question'>): string {
  const judged = question && cells.some(({ changes }) => changes && changes[question].outcome !== 'too-few');
  return judged && partner && !partner.isMain ? `${route} over ${partner.route}` : route;
}

/** Title and note on one line. */
export function fullTitle({ title, note }: MeasuredPaths): string {
  return note === undefined ? title : `${title}: ${note}`;
}
