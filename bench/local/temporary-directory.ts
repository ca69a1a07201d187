import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Owner, readOwner, thisProcess } from '../../results/store/owner.ts';
import { UsageError } from '../../text/usage-error.ts';

const prefix = 'pvw-';

/** Marks a directory as the temporary one of a run, and names the process that made it. Any other name may be a user's. */
const marker = '.pvw-temporary.json';

/** A new temporary directory of this process. Throws `UsageError` where the system's directory cannot be used. */
export function makeTemporaryDirectory(): string {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
    writeFileSync(join(directory, marker), JSON.stringify(thisProcess()));
    return directory;
  } catch (error) {
    // Without its mark no later run would remove it.
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    throw unusableTemporaryDirectory((error as NodeJS.ErrnoException).code ?? String(error));
  }
}

export function unusableTemporaryDirectory(why: string): UsageError {
  return new UsageError(`TMPDIR: ${tmpdir()} cannot be used (${why}); set TMPDIR to a directory that can be written`);
}

/** The process that made this temporary directory; `undefined` if no run made it. */
export function makerOf(directory: string): Owner | undefined {
  return readOwner(join(directory, marker));
}

/** Temporary directories of runs that this user started. */
export function temporaryDirectories(): readonly string[] {
  return entries()
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(tmpdir(), name))
    .filter((path) => isOwn(path) && makerOf(path) !== undefined);
}

/** The directory of a run that holds this path of one of its programs or proxies. */
export function temporaryDirectoryIn(path: string): string | undefined {
  return new RegExp(`^(.*/${prefix}[^/]+)/`).exec(path)?.[1];
}

function entries(): readonly string[] {
  try {
    return readdirSync(tmpdir());
  } catch {
    return [];
  }
}

function isOwn(path: string): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === process.getuid?.();
}
