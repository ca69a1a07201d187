import {
  appendFileSync,
  type BigIntStats,
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { attempt } from '../../text/attempt.ts';
import { sizeText } from '../../text/bounded-file.ts';
import type { RunRecord, TrialRecord } from '../schema/schema.ts';
import { codeOf, UnwritableFile } from './errors.ts';
import { filesOf, mostBytes, writeWhole } from './files.ts';
import { claimDirectory, releaseDirectory } from './owner.ts';

/**
 * Writes a run while it goes on. Synchronous, so that a signal handler can rely on it; only called between trials, when
 * nothing is measured.
 */
export type Store = {
  readonly directory: string;
  /** One line of `trials.jsonl`, on disk when this returns. */
  readonly append: (trial: TrialRecord) => void;
  /** `endedAt` is ISO 8601. Later calls do nothing. */
  readonly finish: (status: 'completed' | 'interrupted', endedAt: string) => void;
};

/**
 * Goes on with a run that was stopped: what it has is kept, but for a last line of `trials.jsonl` that was not written
 * whole. Throws `UnwritableFile`.
 */
export function reopenStore(directory: string, run: RunRecord): Store {
  claimDirectory(directory);
  mendLastLine(filesOf(directory).trials);
  return storeIn(directory, run);
}

/**
 * Starts a run in a directory that `prepareDirectory` made ready. Throws `UnwritableFile`, as its methods do. Refuses
 * what `readRun` would refuse for its size.
 */
export function createStore(directory: string, run: RunRecord): Store {
  const files = filesOf(directory);
  if (textOf(run).length > mostBytes.run) throw tooLarge(files.run, mostBytes.run, ', mostly the instants of a trace');
  // run.json comes last: if it exists, the other files do.
  claimDirectory(directory);
  return storeIn(directory, run);
}

/** In a directory that this process has claimed. */
function storeIn(directory: string, run: RunRecord): Store {
  const files = filesOf(directory);
  const trials = openForAppending(files.trials);
  writeWhole(files.run, textOf({ ...run, status: 'running', endedAt: null }));
  const home = statSync(directory, { bigint: true });
  let finished = false;
  return {
    directory,
    append: (trial) => {
      if (!isAt(files.trials, fstatSync(trials, { bigint: true }))) throw replaced(files.trials);
      appendWhole(files.trials, trials, `${JSON.stringify(trial)}\n`);
    },
    finish: (status, endedAt) => {
      if (finished) return;
      finished = true;
      closeSync(trials);
      // What is there now may be another run.
      if (!isAt(directory, home)) throw replaced(files.run);
      try {
        writeWhole(files.run, textOf({ ...run, status, endedAt }));
      } finally {
        releaseDirectory(directory);
      }
    },
  };
}

function openForAppending(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    throw new UnwritableFile(path, error);
  }
}

/** Ends a last line that is whole, and drops one that is not. */
function mendLastLine(path: string): void {
  try {
    const text = readFileSync(path);
    const whole = text.lastIndexOf(0x0a) + 1;
    if (whole === text.length) return;
    if (isWhole(text.subarray(whole))) appendFileSync(path, '\n');
    else truncateSync(path, whole);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw new UnwritableFile(path, error);
  }
}

function isWhole(line: Buffer): boolean {
  try {
    JSON.parse(line.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Whether `path` still leads to this file or directory. */
function isAt(path: string, { dev, ino }: BigIntStats): boolean {
  try {
    const there = statSync(path, { bigint: true });
    return there.dev === dev && there.ino === ino;
  } catch {
    return false;
  }
}

/** Appends a line to an open file, or nothing: on a full disk whole lines are left. */
function appendWhole(path: string, file: number, line: string): void {
  const { size } = fstatSync(file);
  if (size + Buffer.byteLength(line) > mostBytes.trials) throw tooLarge(path, mostBytes.trials);
  try {
    writeFileSync(file, line);
    fsyncSync(file);
  } catch (error) {
    attempt(() => ftruncateSync(file, size));
    throw new UnwritableFile(path, error);
  }
}

function replaced(path: string): UnwritableFile {
  return new UnwritableFile(path, 'it was removed or replaced during the run');
}

function tooLarge(path: string, most: number, why = ''): UnwritableFile {
  return new UnwritableFile(path, `it would be larger than ${sizeText(most)}${why}`);
}

function textOf(run: RunRecord): Buffer {
  return Buffer.from(`${JSON.stringify(run, null, 2)}\n`);
}
