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

/**
 * Replaces a file atomically: a reader finds the old or the new content, never a part of it, even after a power cut.
 * Throws system errors unchanged.
 */
export function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeSynced(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    // On a full disk, do not leave half a file behind.
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

// A rename is durable only once its directory is synced.
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
