import { analyseRun, type RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { figureKeys, figures } from '../../analysis/figures/figures.ts';
import { routeNames, routeOf } from '../../analysis/figures/run-routes.ts';
import type { AssessedTrial } from '../../analysis/validity/assessment.ts';
import type { Run, TrialRecord } from '../../results/schema/schema.ts';
import { csvText, type FigureMatrix, type FigureRow, textCell } from './csv-text.ts';

/**
 * A run as CSV (RFC 4180): a row for each trial and figure, in the order in which the trials ended. Values are unrounded
 * and in the unit of the last column: ms, bytes, share (0 to 1), count, ms/s; empty where not measured. `status` is
 * valid, invalid or failed; a failed trial is one row without figure. After those come, only in runs that have them, the arm,
 * the name of the path, and a column for each axis that the run varies.
 */
export function renderCsv(run: Run): string {
  return csvText(figureMatrix(analyseRun(run)));
}

/** Every figure of every trial, in the order in which the trials ended. */
export function figureMatrix({ run, scenarios }: Pick<RunAnalysis, 'run' | 'scenarios'>): FigureMatrix {
  const assessed = new Map<TrialRecord, AssessedTrial>(
    scenarios
      .flatMap(({ paths }) => paths.flatMap(({ transports }) => transports))
      .flatMap(({ completed }) => completed.map((each) => [each.trial, each] as const)),
  );
  const axes = [...new Set(run.trials.flatMap(({ point }) => Object.keys(point)))].sort();
  return {
    keys: figureKeys,
    units: figureKeys.map((key) => figures[key].unit),
    hasArms: run.record.plan.aa === true,
    hasPaths: routeNames(run.record).length > 1,
    axes,
    trials: run.trials.map((trial) => rowOf(trial, assessed.get(trial), axes)),
  };
}

function rowOf(trial: TrialRecord, assessed: AssessedTrial | undefined, axes: readonly string[]): FigureRow {
  const { transport, block, position } = trial;
  const path = textCell(routeOf(trial));
  const scenario = textCell(trial.scenario);
  const point = axes.map((axis) => trial.point[axis] ?? null);
  const head = { scenario, transport, block, position, arm: trial.arm ?? '', path, point };
  if (!assessed) return { ...head, status: trial.status === 'failed' ? 'failed' : 'invalid', values: null };
  const values = figureKeys.map((key) => assessed.figures[key] ?? null);
  return { ...head, status: assessed.valid ? 'valid' : 'invalid', values };
}
