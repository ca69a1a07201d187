import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { figureMatrix } from './csv.ts';
import type { FigureMatrix } from './csv-text.ts';

/** The data behind the page's downloads. The browser builds the CSV from `figures` on request. */
export type Downloads = {
  /** File name without its extension. */
  readonly name: string;
  /** Whether `json` is the whole run. If not, it is only the run's record, and the download adds the figures. */
  readonly whole: boolean;
  readonly json: unknown;
  readonly figures: FigureMatrix;
};

/** In characters. The page should stay small enough to mail, so a longer run is embedded without its histograms. */
const longestRun = 500_000;
/** In characters. Longer texts in a record are cut, since they would bloat the page. */
const longestText = 2_000;

/** The data of a run: whole if it is small, otherwise without the histograms. */
export function downloadsOf(analysis: Pick<RunAnalysis, 'run' | 'scenarios'>): Downloads {
  const { run } = analysis;
  const figures = figureMatrix(analysis);
  const name = `${run.record.startedAt.slice(0, 19).replaceAll(/[-:]/g, '')}-${run.record.name}`;
  const safe = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  // The trial count comes first: it spares serializing a long run only to learn its length.
  const whole = run.trials.length < 500 && JSON.stringify(run).length <= longestRun;
  // For a long run, the browser adds the figures of each trial from `figures`.
  return { name: safe, whole, json: whole ? run : JSON.parse(JSON.stringify(run.record, shortened)), figures };
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value;
}
