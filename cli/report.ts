import type { Command } from 'commander';
import { resultsDirectory } from './files/directories.ts';
import { declareOptions } from './options/declaration.ts';
import { checkOutcome, chosenReference, type OutcomeOptions, outcomeOptions } from './options/outcome-options.ts';
import { thresholdHelp } from './options/threshold.ts';
import { type End, exitCodes } from './screen/exit-codes.ts';

type ReportOptions = OutcomeOptions & { readonly open?: true; readonly json?: true };

/** `pvw report`: prints the tables of a run and writes its page again, from the files of the run. */
export function addReport(program: Command, end: End): void {
  const command = program
    .command('report')
    .summary('print a run again and rewrite its report')
    .description('Prints the result of a run and rewrites its report.html from the files of the run.')
    .argument('[run]', `directory of a run, or its name in ${resultsDirectory}/ (default: the latest there)`)
    .option('--open', 'open the report')
    .option('--json', 'print the run as JSON instead of tables')
    .addHelpText('after', `\n${thresholdHelp}`)
    .action(async (asked: string | undefined, options: ReportOptions) => {
      const { findRun } = await import('./files/directories.ts');
      // Read first: if a file is damaged, an earlier report stays in place.
      const { directory, run } = findRun('run', asked);
      checkOutcome(options, run.record.plan);
      const { writeReport } = await import('../report/page/html.ts');
      const { showResult } = await import('./screen/show-result.ts');
      const verdict = showResult(directory, await writeReport(directory, chosenReference(options)), options);
      // Printing an invalid run again is a success. With thresholds it is not: an invalid run cannot pass one.
      end(options.threshold === undefined ? exitCodes.done : verdict);
    });
  declareOptions(command, outcomeOptions);
}
