import { renderCsv } from '../../report/export/csv.ts';
import { renderMarkdown } from '../../report/export/markdown.ts';
import type { Run } from '../../results/schema/schema.ts';
import { ResultsError, UnwritableFile } from '../../results/store/errors.ts';
import { fileBehind } from '../../results/store/file-behind.ts';
import { writeWhole } from '../../results/store/files.ts';
import { chosenReference, type OutcomeOptions } from '../options/outcome-options.ts';

/** Writes the exports that the options name, each file as a whole. Throws `ResultsError` naming the file that fails. */
export function writeExports(run: Run, options: OutcomeOptions): void {
  const { exportCsv, exportMarkdown } = options;
  if (exportCsv !== undefined) writeNamed('--export-csv', exportCsv, renderCsv(run));
  if (exportMarkdown !== undefined)
    writeNamed('--export-markdown', exportMarkdown, renderMarkdown(run, chosenReference(options)));
}

/** Writes the file that `option` names, as a whole. Throws `ResultsError` naming both. */
export function writeNamed(option: string, path: string, content: string): void {
  try {
    writeWhole(fileBehind(path), content);
  } catch (error) {
    throw namedAfter(option, error);
  }
}

/** What to throw for a failure to write the file that `option` names. */
export function namedAfter(option: string, error: unknown): unknown {
  return error instanceof UnwritableFile ? new ResultsError(`${option}: ${error.message}`) : error;
}
