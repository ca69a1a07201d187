import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from '../../text/attempt.ts';
import { codeOf, UnwritableFile } from './errors.ts';

/** The files of a run directory. */
export const fileNames = {
  run: 'run.json',
  trials: 'trials.jsonl',
  report: 'report.html',
  owner: 'owner.json',
} as const;

const mebibyte = 1024 * 1024;

/**
 * The largest files that are read, and therefore written. By the reference run, a hundred repeats of the profile `full`
 * would have about 35 MB of trials; its longest line has 47 kB.
 */
export const mostBytes = { run: 4 * mebibyte, trials: 64 * mebibyte, trial: 8 * mebibyte } as const;

export function filesOf(directory: string): Readonly<Record<keyof typeof fileNames, string>> {
  return {
    run: join(directory, fileNames.run),
    trials: join(directory, fileNames.trials),
    report: join(directory, fileNames.report),
    owner: join(directory, fileNames.owner),
  };
}

/** Whether the directory has a `run.json`, even one that cannot be read. */
export function holdsRun(directory: string): boolean {
  try {
    statSync(filesOf(directory).run);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(codeOf(error));
  }
}

/**
 * Replaces a file atomically: a reader finds the old or the new content, never a part of it, even after a power cut.
 * Throws `UnwritableFile`.
 */
export function writeWhole(path: string, content: string | Buffer): void {
  // Not longer than the name of the file may be: that can already have the 255 bytes that a file system allows.
  const temporary = join(dirname(path), `.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    writeSynced(temporary, content);
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    // On a full disk, do not leave half a file behind.
    attempt(() => rmSync(temporary, { force: true }));
    throw new UnwritableFile(path, error);
  }
}

function writeSynced(path: string, content: string | Buffer): void {
  const file = openSync(path, 'wx');
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
