import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRunInvalid } from '../analysis/validity.ts';
import { renderTerminal } from '../report/terminal.ts';
import { readRun } from '../results/read-run.ts';
import { colorsFor } from './colors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openFile } from './open.ts';

export type ShowOptions = { readonly open?: true; readonly json?: true; readonly quiet?: true };

/** Width of a table where the output is a file or a pipe. */
const usualColumns = 120;

/** Prints a run as it lies on disk, and opens its report if asked to. Returns whether the run can be believed. */
export function showResult(directory: string, reportPath: string, { open, json, quiet }: ShowOptions): ExitCode {
  const run = readRun(directory);
  const text = json
    ? JSON.stringify(run, null, 2)
    : renderTerminal(run, { width: process.stdout.columns ?? usualColumns, colors: colorsFor(process.stdout) });
  process.stdout.write(`${text.trimEnd()}\n`);
  // With --json, stdout is for a program and has to stay one JSON value.
  const place = `Report: ${pathToFileURL(resolve(reportPath)).href}\n`;
  if (json && !quiet) process.stderr.write(place);
  if (!json) process.stdout.write(`\n${place}`);
  if (open && !openFile(resolve(reportPath))) {
    process.stderr.write('pvw: --open: neither xdg-open nor open was found; open the report by hand\n');
  }
  return isRunInvalid(run) ? exitCodes.invalid : exitCodes.done;
}
