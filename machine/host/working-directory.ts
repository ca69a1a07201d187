import { readdirSync, readlinkSync } from 'node:fs';

/** Where a process runs; undefined where there is no such process, or the system does not tell us. */
export function workingDirectory(pid: number): string | undefined {
  try {
    // The kernel says so behind a directory that was removed.
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

/** All process numbers there are; none where there is no procfs, so that they could not be told apart. */
export function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
