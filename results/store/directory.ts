import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf, UnusableDirectory } from './errors.ts';
import { holdsRun } from './files.ts';

/** `20250131T235959Z`: sorts chronologically and is legal in every file system. */
function stampOf(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

/**
 * The directory name of a run: `<UTC yyyymmddThhmmssZ>-<name>`, with `-2`, `-3` … appended while `isTaken` returns
 * true. The name is lower-cased, runs of other characters than letters and digits become one dash, and it is cut to 60
 * characters.
 */
export function runDirectoryName(name: string, date: Date, isTaken: (name: string) => boolean = () => false): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  const first = `${stampOf(date)}-${slug || 'run'}`;
  let candidate = first;
  for (let n = 2; isTaken(candidate); n++) candidate = `${first}-${n}`;
  return candidate;
}

/** An unused path for a new run inside `resultsDirectory`. Writes nothing. */
export function newRunDirectory(resultsDirectory: string, name: string, date: Date): string {
  return join(
    resultsDirectory,
    runDirectoryName(name, date, (taken) => isThere(join(resultsDirectory, taken))),
  );
}

/**
 * Throws `UnusableDirectory` unless `path` is, or can become, an empty writable directory. Writes nothing, so that a
 * command can refuse before it starts anything.
 */
export function checkDirectory(path: string): void {
  const existing = nearestExisting(resolve(path));
  if (!statusOf(existing).isDirectory()) throw new UnusableDirectory(`${existing}: is not a directory`);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UnusableDirectory(`${existing}: cannot be written (${codeOf(error)})`);
  }
  if (existing === resolve(path) && namesIn(existing).length > 0) {
    throw new UnusableDirectory(`${path}: exists and is not empty; name a new directory`);
  }
}

/** Makes `path` ready for a new run. Throws `UnusableDirectory` as `checkDirectory` does. */
export function prepareDirectory(path: string): void {
  checkDirectory(path);
  try {
    makeDirectory(resolve(path));
  } catch (error) {
    throw new UnusableDirectory(`${path}: cannot be made (${codeOf(error)})`);
  }
}

// Not `recursive`: Node.js then retries forever if the system answers ENOENT for the last part too, as in /proc.
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}

function nearestExisting(path: string): string {
  return isThere(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}

/** Unlike `existsSync`, true for a link that leads nowhere or in a circle. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function statusOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw new UnusableDirectory(`${path}: cannot be read (${codeOf(error)})`);
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw new UnusableDirectory(`${directory}: cannot be read (${codeOf(error)})`);
  }
}

/**
 * The newest run in a results directory by the stamp in its name, or `undefined`. Directories with other names are
 * ignored. Throws `UnusableDirectory` if it cannot be read.
 */
export function latestRun(resultsDirectory: string): string | undefined {
  if (!isThere(resultsDirectory)) return undefined;
  const newest = namesIn(resultsDirectory)
    .filter((name) => /^\d{8}T\d{6}Z-/.test(name) && holdsRun(join(resultsDirectory, name)))
    // `numeric` sorts the tenth run of one second after the ninth.
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  return newest === undefined ? undefined : join(resultsDirectory, newest);
}
