import { geometricMean, mean, sum } from 'simple-statistics';
import type { CompletedTrial } from '../../results/schema/schema.ts';

/**
 * What the small task took on the server's core, median of the window in microseconds: what that core charged whoever
 * woke up on it. Undefined where it was not measured, as in older records, or where nothing is pinned.
 */
export function serverTaskUs(trial: CompletedTrial): number | undefined {
  const core = trial.processes.find(({ role }) => role === 'server')?.core ?? null;
  return core === null ? undefined : trial.noise?.tasks?.find((task) => task.core === core)?.medianUs;
}

/** Geometric mean of all trials that know it, in microseconds. */
export function paceOf(trials: readonly CompletedTrial[]): number | undefined {
  const known = tasksUs(trials);
  return known.length === 0 ? undefined : geometricMean(known);
}

/** With fewer, the scatter itself is hardly known. */
const leastDegrees = 3;

/**
 * How far one repeat lies from the others of its kind, as a share: the pooled standard deviation of the logarithms within
 * the series, each of repeats of the same transport, path and scenario. Another load cools the caches differently, so
 * between series nothing is compared. Undefined where there are not enough repeats.
 */
export function paceScatter(series: readonly (readonly CompletedTrial[])[]): number | undefined {
  const known = series.map((trials) => tasksUs(trials).map(Math.log)).filter(({ length }) => length > 1);
  const degrees = sum(known.map(({ length }) => length - 1));
  if (degrees < leastDegrees) return undefined;
  const squares = known.flatMap((logs) => logs.map((log) => (log - mean(logs)) ** 2));
  return Math.exp(Math.sqrt(sum(squares) / degrees)) - 1;
}

function tasksUs(trials: readonly CompletedTrial[]): number[] {
  return trials.flatMap((trial) => serverTaskUs(trial) ?? []);
}
