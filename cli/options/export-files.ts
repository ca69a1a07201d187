import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileNames } from '../../results/store/files.ts';
import { notAllowed } from '../../text/usage-error.ts';

/** Paths of files to write. */
export type ExportOptions = { readonly exportCsv?: string; readonly exportMarkdown?: string };

const allowed = 'a file in a directory that exists and can be written';

/** Refuses files that could not be written at the end of a run; writes nothing. Throws `UsageError`. */
export function checkExportFiles(options: ExportOptions): void {
  const { exportCsv, exportMarkdown } = options;
  refuseFaulty('--export-csv', exportCsv);
  refuseFaulty('--export-markdown', exportMarkdown);
  if (exportCsv === undefined || exportMarkdown === undefined || resolve(exportCsv) !== resolve(exportMarkdown)) return;
  throw notAllowed('--export-markdown', exportMarkdown, 'another file', 'is the file of --export-csv too');
}

function refuseFaulty(option: string, path: string | undefined): void {
  const fault = path === undefined ? undefined : faultOf(path);
  if (fault !== undefined) throw notAllowed(option, path!, allowed, fault);
}

function faultOf(path: string): string | undefined {
  if (path === '' || path.endsWith('/')) return 'names no file';
  // These files hold the measurements, and an export must never replace them.
  if (Object.values<string>(fileNames).includes(basename(path))) return 'is the name of a file of a run';
  const directory = dirname(resolve(path));
  if (!existsSync(directory)) return 'is in a directory that does not exist';
  if (!statSync(directory).isDirectory()) return 'is in something that is no directory';
  if (!isAllowed(directory, constants.W_OK | constants.X_OK)) return 'is in a directory that cannot be written';
  if (!existsSync(path)) return undefined;
  // Renaming onto a device or a pipe would replace it.
  if (!statSync(path).isFile()) return 'is no ordinary file';
  return isAllowed(path, constants.W_OK) ? undefined : 'cannot be written';
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
