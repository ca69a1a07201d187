import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type End, exitCodes } from './exit-codes.ts';
import { resultsDirectory } from './results-directory.ts';
import { notAllowed, UsageError } from './usage-error.ts';

const allowed = `the directory of a run, or its name in ${resultsDirectory}/`;

type ReportOptions = { readonly open?: true; readonly json?: true };

/** `pvw report`: the tables and the page of a run that has been measured, from its files. */
export function addReport(program: Command, end: End): void {
  program
    .command('report')
    .summary('print a run again and rewrite its report')
    .description('Prints the result of a run and rewrites its report.html from the files of the run.')
    .argument('[run]', `directory of a run, or its name in ${resultsDirectory}/ (default: the latest there)`)
    .option('--open', 'open the report')
    .option('--json', 'print the run as JSON instead of tables')
    .action(async (run: string | undefined, options: ReportOptions) => {
      const directory = await runDirectory(run);
      await refuseUnreadable(directory, run);
      const { writeReport } = await import('../report/html.ts');
      const { showResult } = await import('./show-result.ts');
      showResult(directory, await writeReport(directory), options);
      end(exitCodes.done);
    });
}

async function runDirectory(run: string | undefined): Promise<string> {
  if (run !== undefined) return asDirectory(run);
  const { latestRun } = await import('../results/directory.ts');
  const latest = latestRun(resultsDirectory);
  if (latest === undefined) {
    throw new UsageError(`run: there is none in ${resultsDirectory}/; give ${allowed}, or make one: pvw run`);
  }
  return latest;
}

/** Reading comes first: a damaged file must not cost the report that was made before the damage. */
async function refuseUnreadable(directory: string, asked: string | undefined): Promise<void> {
  const { readRun } = await import('../results/read-run.ts');
  const { NoRun } = await import('../results/errors.ts');
  try {
    readRun(directory);
  } catch (error) {
    if (!(error instanceof NoRun)) throw error;
    throw notAllowed('run', asked ?? directory, allowed, 'holds no run (run.json is missing)');
  }
}

/** Takes a directory, the name of one in the results directory, or a file in it, as a shell completes it. */
function asDirectory(run: string): string {
  const path = existsSync(run) ? run : join(resultsDirectory, run);
  return /\.(jsonl?|html)$/.test(basename(path)) ? dirname(path) : path;
}
