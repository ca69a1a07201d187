import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Run } from '../../results/schema/schema.ts';
import { checkDirectory, latestRun, newRunDirectory, prepareDirectory } from '../../results/store/directory.ts';
import { NoRun, UnusableDirectory } from '../../results/store/errors.ts';
import { readRun } from '../../results/store/read-run.ts';
import { notAllowed, UsageError } from '../../text/usage-error.ts';

/** Directory of the runs unless the command names another, relative to the working directory. */
export const resultsDirectory = 'results';

/** The directory for a new run; writes nothing. Throws `UsageError` if it cannot be written or is not empty. */
export function chooseDirectory(out: string | undefined, name: string, date: Date): string {
  const directory = out ?? newRunDirectory(resultsDirectory, name, date);
  refuseUnusable(() => checkDirectory(directory));
  return directory;
}

/** Makes the chosen directory. Throws `UsageError`, since no check foresees every refusal of a file system. */
export function makeDirectory(directory: string): void {
  refuseUnusable(() => prepareDirectory(directory));
}

function refuseUnusable(use: () => void): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof UnusableDirectory)) throw error;
    const [what] = error.message.split(';');
    throw new UsageError(`--out: ${what}; give a new or empty directory that can be written`);
  }
}

const allowed = `the directory of a run, or its name in ${resultsDirectory}/`;

export type FoundRun = { readonly directory: string; readonly run: Run };

/**
 * The run that `asked` names, or the latest. `argument` is what errors call it. Throws `UsageError` if there is none
 * and `ResultsError` if it cannot be read.
 */
export function findRun(argument: string, asked: string | undefined): FoundRun {
  const directory = asked === undefined ? latestDirectory(argument) : asDirectory(asked);
  try {
    return { directory, run: readRun(directory) };
  } catch (error) {
    if (!(error instanceof NoRun)) throw error;
    throw notAllowed(argument, asked ?? directory, allowed, 'holds no run (run.json is missing)');
  }
}

function latestDirectory(argument: string): string {
  const latest = latestIn(argument, resultsDirectory);
  if (latest !== undefined) return latest;
  throw new UsageError(`${argument}: there is none in ${resultsDirectory}/; give ${allowed}, or make one: pvw run`);
}

function latestIn(argument: string, results: string): string | undefined {
  try {
    return latestRun(results);
  } catch (error) {
    if (!(error instanceof UnusableDirectory)) throw error;
    throw new UsageError(`${argument}: ${error.message}; give the directory of a run`);
  }
}

/** Takes a directory, the name of one in the results directory, or a file in it, as a shell completes it. */
function asDirectory(run: string): string {
  const path = isMissing(run) ? join(resultsDirectory, run) : run;
  return /\.(jsonl?|html)$/.test(basename(path)) ? dirname(path) : path;
}

/** Unlike `existsSync`, false for what is there and cannot be read. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
