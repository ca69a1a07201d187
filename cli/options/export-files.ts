import { accessSync, constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { codeOf } from '../../results/store/errors.ts';
import { fileBehind } from '../../results/store/file-behind.ts';
import { fileNames } from '../../results/store/files.ts';
import { notAllowed } from '../../text/usage-error.ts';

/** Paths of files to write. */
export type ExportOptions = { readonly exportCsv?: string; readonly exportMarkdown?: string };

const allowed = 'a file in a directory that exists and can be written';

/** Refuses files that could not be written at the end of a run; writes nothing. Throws `UsageError`. */
export function checkExportFiles({ exportCsv, exportMarkdown }: ExportOptions): void {
  refuseFaulty('--export-csv', exportCsv);
  refuseFaulty('--export-markdown', exportMarkdown);
  refuseShared('--export-markdown', exportMarkdown, '--export-csv', exportCsv);
}

/** Refuses a file that the page could not be written to, or that an export takes. Its usual name is allowed. Throws `UsageError`. */
export function checkPageFile(path: string | undefined, { exportCsv, exportMarkdown }: ExportOptions): void {
  refuseFaulty('--out', path, [fileNames.report]);
  refuseShared('--out', path, '--export-csv', exportCsv);
  refuseShared('--out', path, '--export-markdown', exportMarkdown);
}

/** Refuses files of options, by their names, that could not be written, or of which two are the same. Throws `UsageError`. */
export function checkOwnFiles(files: Readonly<Record<string, string | undefined>>): void {
  const given = Object.entries(files);
  for (const [option, path] of given) refuseFaulty(option, path);
  for (const [place, [option, path]] of given.entries()) {
    for (const [other, taken] of given.slice(0, place)) refuseShared(option, path, other, taken);
  }
}

/** Refuses `path` if it leads to the file of another option. Both have been checked. */
function refuseShared(option: string, path: string | undefined, other: string, taken: string | undefined): void {
  if (path === undefined || taken === undefined || fileBehind(path) !== fileBehind(taken)) return;
  throw notAllowed(option, path, 'another file', `is the file of ${other} too`);
}

function refuseFaulty(option: string, path: string | undefined, allowedNames: readonly string[] = []): void {
  const fault = path === undefined ? undefined : faultOf(path, allowedNames);
  if (fault !== undefined) throw notAllowed(option, path!, allowed, fault);
}

function faultOf(path: string, allowedNames: readonly string[]): string | undefined {
  if (path === '' || path.endsWith('/')) return 'names no file';
  try {
    return nameFault(path, allowedNames) ?? directoryFault(path) ?? fileFault(path, allowedNames);
  } catch (error) {
    return `cannot be written (${codeOf(error)})`;
  }
}

/** These files hold the measurements, and an export must never replace them. */
function nameFault(path: string, allowedNames: readonly string[]): string | undefined {
  const name = basename(path);
  const isTaken = Object.values<string>(fileNames).includes(name) && !allowedNames.includes(name);
  return isTaken ? 'is the name of a file of a run' : undefined;
}

function directoryFault(path: string): string | undefined {
  const directory = dirname(resolve(path));
  if (!existsSync(directory)) return 'is in a directory that does not exist';
  if (!statSync(directory).isDirectory()) return 'is in something that is no directory';
  return isAllowed(directory, constants.W_OK | constants.X_OK) ? undefined : 'is in a directory that cannot be written';
}

/** What is wrong with the file that is there, or with the one behind a link. Throws the error of the system. */
function fileFault(path: string, allowedNames: readonly string[]): string | undefined {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  // Renaming onto a device or a pipe would replace it.
  if (!statSync(path).isFile()) return 'is no ordinary file';
  if (!isAllowed(path, constants.W_OK)) return 'cannot be written';
  if (!status.isSymbolicLink()) return undefined;
  const behind = realpathSync(path);
  return nameFault(behind, allowedNames) ?? directoryFault(behind);
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
