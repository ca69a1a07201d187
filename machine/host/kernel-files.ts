import { readFileSync } from 'node:fs';

/** Milliseconds in a unit of the time fields of /proc/stat and /proc/<pid>/stat: USER_HZ is 100 on every Linux (proc_stat(5)). */
export const msPerTick = 10;

/** The text of a small file such as those of /proc and /sys, without white space around it; undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
