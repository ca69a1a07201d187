import { existsSync, realpathSync } from 'node:fs';
import { renderCsv } from '../../report/export/csv.ts';
import { renderMarkdown } from '../../report/export/markdown.ts';
import type { Run } from '../../results/schema/schema.ts';
import { ResultsError } from '../../results/store/errors.ts';
import { writeWhole } from '../../results/store/files.ts';
import { chosenReference, type OutcomeOptions } from '../options/outcome-options.ts';

/** Writes the exports that the options name, each file as a whole. Throws `ResultsError` naming the file that fails. */
export function writeExports(run: Run, options: OutcomeOptions): void {
  const { exportCsv, exportMarkdown } = options;
  if (exportCsv !== undefined) write('--export-csv', exportCsv, renderCsv(run));
  if (exportMarkdown !== undefined)
    write('--export-markdown', exportMarkdown, renderMarkdown(run, chosenReference(options)));
}

function write(option: string, path: string, content: string): void {
  try {
    // The file behind a link is replaced, not the link.
    writeWhole(existsSync(path) ? realpathSync(path) : path, content);
  } catch (error) {
    throw new ResultsError(`${option}: ${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
