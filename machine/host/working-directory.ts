import { readdirSync, readlinkSync } from 'node:fs';

/** The working directory of a process; undefined where there is no such process or the system does not reveal it. */
export function workingDirectory(pid: number): string | undefined {
  try {
    // The kernel appends this to the path of a removed directory.
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

/** Ids of all processes; empty without procfs. */
export function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
