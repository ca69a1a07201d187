import type { Command } from 'commander';
import { fileBehind } from '../results/store/file-behind.ts';
import { UsageError } from '../text/usage-error.ts';
import { resultsDirectory } from './files/directories.ts';
import { declareOptions } from './options/declaration.ts';
import { checkPageFile } from './options/export-files.ts';
import { checkOutcome, chosenReference, type OutcomeOptions, outcomeOptions } from './options/outcome-options.ts';
import { thresholdHelp } from './options/threshold.ts';
import { type End, exitCodes } from './screen/exit-codes.ts';

type ReportOptions = OutcomeOptions & { readonly open?: true; readonly json?: true; readonly out?: string };

/** `pvw report`: prints the tables of a run and writes its page again, from the files of the run. */
export function addReport(program: Command, end: End): void {
  const command = program
    .command('report')
    .summary('print a run again and rewrite its report')
    .description('Prints the result of a run and rewrites its report.html from the files of the run.')
    .argument('[run]', `directory of a run, or its name in ${resultsDirectory}/ (default: the latest there)`)
    .option('--open', 'open the report')
    .option('--out <file>', 'write the page to this file (default: report.html in the directory of the run)')
    .option('--json', 'print the run as JSON instead of tables')
    .addHelpText('after', `\n${thresholdHelp}`)
    .action(async (asked: string | undefined, options: ReportOptions) => {
      const { findRun } = await import('./files/directories.ts');
      // Read first: if a file is damaged, an earlier report stays in place.
      const { directory, run } = findRun('run', asked);
      checkOutcome(options, run.record.plan);
      if (run.record.plan.capacity) refuseComparing(options, directory);
      checkPageFile(options.out, options);
      const { writeReport } = await import('../report/page/html.ts');
      const { pageWritten, showResult } = await import('./screen/show-result.ts');
      const chosen = chosenReference(options);
      // A run that cannot be written to can be read all the same.
      const page =
        options.out === undefined
          ? await pageWritten(() => writeReport(directory, chosen), '--out FILE writes it elsewhere')
          : await writePage(options.out, (file) => writeReport(directory, chosen, file));
      const verdict = showResult(directory, page, options);
      // Printing an invalid run again is a success. With thresholds it is not: an invalid run cannot pass one.
      end(options.threshold === undefined ? exitCodes.done : verdict);
    });
  declareOptions(command, outcomeOptions);
}

/** A search has no figures at one load that could be judged or compared. */
function refuseComparing({ threshold, reference }: ReportOptions, directory: string): void {
  const option = threshold !== undefined ? '--threshold' : reference !== undefined ? '--reference' : undefined;
  if (option === undefined) return;
  throw new UsageError(
    `${option}: ${directory} is a search of pvw capacity, with another load in each window; leave it out`,
  );
}

/** Writes the page to a file that the user chose; returns its path as given. Throws `ResultsError` naming the option. */
async function writePage(out: string, write: (file: string) => Promise<string>): Promise<string> {
  const { namedAfter } = await import('./files/write-exports.ts');
  try {
    await write(fileBehind(out));
    return out;
  } catch (error) {
    throw namedAfter('--out', error);
  }
}
