import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { figureMatrix } from './csv.ts';
import type { FigureMatrix } from './csv-text.ts';

/** Files that the page offers for download. The CSV is built from the figures on demand. */
export type Downloads = {
  /** Of the files, without their endings. */
  readonly name: string;
  /** Whether `json` is the whole run; else it is the record of the run and the figures of each trial. */
  readonly whole: boolean;
  readonly json: unknown;
  readonly figures: FigureMatrix;
};

/** A page is to be sent by mail: above this a run leaves its histograms in its directory. In characters. */
const longestRun = 500_000;
/** Longer texts in a record are no names any more, and would make the page as long. */
const longestText = 2_000;

/** The data of a run, embedded whole where it is small. */
export function downloadsOf(analysis: Pick<RunAnalysis, 'run' | 'scenarios'>): Downloads {
  const { run } = analysis;
  const figures = figureMatrix(analysis);
  const name = `${run.record.startedAt.slice(0, 19).replaceAll(/[-:]/g, '')}-${run.record.name}`;
  const safe = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  // The cheap look first: a long run is not written out only to be measured.
  const whole = run.trials.length < 500 && JSON.stringify(run).length <= longestRun;
  // In the other case the script takes the figures from where they are already.
  return { name: safe, whole, json: whole ? run : JSON.parse(JSON.stringify(run.record, shortened)), figures };
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value;
}
