import { browserScript } from '../report/page/bundle.ts';
import { type ReportOptions, writeReport } from '../report/page/html.ts';
import { plainText } from '../text/plain-text.ts';
import { reasonOf } from '../text/reason.ts';
import { chosenReference } from './options/outcome-options.ts';
import type { RunOptions } from './options/run-options.ts';
import { type ExitCode, exitCodes } from './screen/exit-codes.ts';
import type { ProgressView } from './screen/progress.ts';
import { pageWritten, showResult } from './screen/show-result.ts';
import { carryOut, type Session } from './session/carry-out.ts';

/** Runs a session from the first file that is written to the exit code. */
export async function runSession(session: Session, options: RunOptions): Promise<ExitCode> {
  const { directory } = session;
  const chosen = chosenReference(options);
  // Built before anything can be interrupted: the bundler is a process too, and Ctrl-C in a terminal ends it.
  await browserScript();
  const status = await carryOut(session, options, (view) => rewriteReport(directory, view, chosen));
  const reportPath = await pageWritten(() => writeReport(directory, chosen), `pvw report ${directory} writes it again`);
  const verdict = showResult(directory, reportPath, options);
  if (status === 'interrupted') return exitCodes.interrupted;
  return verdict === exitCodes.done && reportPath === undefined ? exitCodes.usage : verdict;
}

/** An error here must not stop the remaining trials. The page is written again at the end. */
async function rewriteReport(directory: string, view: ProgressView, chosen: ReportOptions): Promise<void> {
  try {
    await writeReport(directory, chosen);
  } catch (error) {
    view.note(`report: ${plainText(reasonOf(error))}; the run goes on`);
  }
}
