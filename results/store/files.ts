import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of a run directory. */
export const fileNames = {
  run: 'run.json',
  trials: 'trials.jsonl',
  report: 'report.html',
  owner: 'owner.json',
} as const;

export function filesOf(directory: string): Readonly<Record<keyof typeof fileNames, string>> {
  return {
    run: join(directory, fileNames.run),
    trials: join(directory, fileNames.trials),
    report: join(directory, fileNames.report),
    owner: join(directory, fileNames.owner),
  };
}

/** Writes a file so that a reader finds the old content or the new one, never half of it, not even after a power cut. */
export function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeSynced(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    // A full disk is no better for half a file.
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

function writeSynced(path: string, content: string): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

// The rename itself is on disk only when the directory is.
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
