import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { failedThresholds, failureText, type Threshold } from '../../analysis/comparison/threshold.ts';
import { isRunInvalid } from '../../analysis/validity/validity.ts';
import { renderTerminal } from '../../report/terminal/terminal.ts';
import type { Run } from '../../results/schema/schema.ts';
import { UnwritableFile } from '../../results/store/errors.ts';
import { readRun } from '../../results/store/read-run.ts';
import { plainText } from '../../text/plain-text.ts';
import { writeExports } from '../files/write-exports.ts';
import { chosenReference, type OutcomeOptions } from '../options/outcome-options.ts';
import { colorsFor } from './colors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openFile } from './open.ts';
import { print } from './output.ts';

export type ShowOptions = OutcomeOptions & { readonly open?: true; readonly json?: true; readonly quiet?: true };

/** Width of a table in characters if the output is a file or a pipe. */
const usualColumns = 120;

/**
 * Prints a run from its files on disk. Opens its report, if there is one, writes the exports and judges the thresholds, as the options
 * say. Returns the exit code: whether the thresholds hold, and if so whether the run is valid. Throws `ResultsError` for a file that
 * cannot be written.
 */
export function showResult(directory: string, reportPath: string | undefined, options: ShowOptions): ExitCode {
  const { json } = options;
  const run = readRun(directory);
  const chosen = chosenReference(options);
  const text = json
    ? JSON.stringify(run, null, 2)
    : renderTerminal(run, {
        width: process.stdout.columns ?? usualColumns,
        colors: colorsFor(process.stdout),
        ...chosen,
      });
  print(`${text.trimEnd()}\n`);
  if (reportPath !== undefined) showReport(resolve(reportPath), options);
  writeExports(run, options);
  // Windows at which the server was full are what was looked for.
  if (run.record.plan.capacity) return exitCodes.done;
  const hold = judge(run, options.threshold ?? []);
  if (!hold) return exitCodes.threshold;
  return isRunInvalid(run) ? exitCodes.invalid : exitCodes.done;
}

function showReport(path: string, { open, json, quiet }: ShowOptions): void {
  // With --json, stdout is for a program and has to stay one JSON value.
  const place = `Report: ${pathToFileURL(path).href}\n`;
  if (json && !quiet) process.stderr.write(place);
  if (!json) print(`\n${place}`);
  if (open && !openFile(path)) {
    process.stderr.write('pvw: --open: neither xdg-open nor open was found; open the report by hand\n');
  }
}

/** The path that `write` returns; `undefined`, after one line on stderr, if its page cannot be written. */
export async function pageWritten(write: () => Promise<string>, advice: string): Promise<string | undefined> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof UnwritableFile)) throw error;
    process.stderr.write(`pvw: ${plainText(`${error.message}; ${advice}`)}\n`);
    return undefined;
  }
}

/** Whether all thresholds hold. Writes one line to stderr for each that does not. */
function judge(run: Run, thresholds: readonly Threshold[]): boolean {
  const failures = failedThresholds(thresholds, analyseRun(run));
  for (const failure of failures) process.stderr.write(`pvw: --threshold: ${plainText(failureText(failure))}\n`);
  return failures.length === 0;
}
