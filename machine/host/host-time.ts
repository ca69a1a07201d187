import { readFileSync } from 'node:fs';
import { msPerTick } from './kernel-files.ts';

/** Time since boot in milliseconds, summed over cores. `totalMs` includes the other two. */
export type HostTime = { readonly idleMs: number; readonly stealMs: number; readonly totalMs: number };

/** Reads /proc/stat for these cores; undefined when the file or one of the cores is missing. */
export function readHostTime(cores: readonly number[], path = '/proc/stat'): HostTime | undefined {
  try {
    return hostTimeOf(readFileSync(path, 'utf8'), cores);
  } catch {
    return undefined;
  }
}

/**
 * Columns of proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; user already contains guest time.
 * Kernels that stop their tick when idle measure idle time exactly. The split of the rest is sampled and therefore not
 * used.
 */
export function hostTimeOf(stat: string, cores: readonly number[]): HostTime | undefined {
  const rows = cores.map((core) => {
    const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1];
    return line?.trim().split(/\s+/).slice(0, 8).map(Number);
  });
  if (rows.length === 0 || rows.some((row) => row === undefined || row.length < 8)) return undefined;
  const sum = (columns: readonly number[]) =>
    rows.reduce((total, row) => total + columns.reduce((part, column) => part + row![column]!, 0), 0) * msPerTick;
  return { idleMs: sum([3, 4]), stealMs: sum([7]), totalMs: sum([0, 1, 2, 3, 4, 5, 6, 7]) };
}
