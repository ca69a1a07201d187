import { logAverage, mean, sum } from 'simple-statistics';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { limits } from './limits.ts';

/**
 * Median duration of the small task on the server's core in the window, in microseconds: what it costs to wake up on
 * that core. Undefined if not measured, as in older records, or if nothing is pinned.
 */
export function serverTaskUs(trial: CompletedTrial): number | undefined {
  const core = trial.processes.find(({ role }) => role === 'server')?.core ?? null;
  return core === null ? undefined : trial.noise?.tasks?.find((task) => task.core === core)?.medianUs;
}

/**
 * CPU time of one small task in the window, in microseconds, geometric mean over the cores: how fast the machine was.
 * Undefined if not measured. What slows the whole machine down makes servers take more in proportion; what one core or
 * process meets, it does not see.
 */
export function taskCpuUs({ noise }: CompletedTrial): number | undefined {
  const each = (noise?.tasks ?? []).flatMap(({ cpuMs, count }) => (cpuMs && count > 0 ? [(cpuMs * 1000) / count] : []));
  return each.length === 0 ? undefined : logAverage(each);
}

/** Geometric mean of `serverTaskUs` over all trials that have it, in microseconds; undefined if none has. */
export function paceOf(trials: readonly CompletedTrial[]): number | undefined {
  const known = tasksUs(trials);
  return known.length === 0 ? undefined : logAverage(known);
}

/** With fewer degrees of freedom, the scatter itself is hardly known. */
const leastDegrees = 3;

/**
 * How far one repeat lies from the others, as a share: the pooled standard deviation of the logarithms within the
 * series. Each series holds repeats of one transport, path and scenario. Series are not compared with each other,
 * because another load cools the caches differently. Undefined if there are not enough repeats.
 */
export function paceScatter(series: readonly (readonly CompletedTrial[])[]): number | undefined {
  const known = series.map((trials) => tasksUs(trials).map(Math.log)).filter(({ length }) => length > 1);
  const degrees = sum(known.map(({ length }) => length - 1));
  if (degrees < leastDegrees) return undefined;
  const squares = known.flatMap((logs) => {
    const center = mean(logs);
    return logs.map((log) => (log - center) ** 2);
  });
  return Math.exp(Math.sqrt(sum(squares) / degrees)) - 1;
}

/** Whether the scatter of `paceScatter` is more than server CPU can ignore. */
export function isUnsteady(series: readonly (readonly CompletedTrial[])[]): boolean {
  return (paceScatter(series) ?? 0) > limits.unsteady;
}

function tasksUs(trials: readonly CompletedTrial[]): number[] {
  return trials.flatMap((trial) => serverTaskUs(trial) ?? []);
}
