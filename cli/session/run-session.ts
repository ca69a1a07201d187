import { browserScript } from '../../report/page/bundle.ts';
import { type ReportOptions, writeReport } from '../../report/page/html.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { chosenReference } from '../options/outcome-options.ts';
import type { RunOptions } from '../options/run-options.ts';
import { decideNetwork } from '../request/network-choice.ts';
import { machineFor } from '../request/shared-machine.ts';
import { checkVia } from '../request/via-check.ts';
import { type ExitCode, exitCodes } from '../screen/exit-codes.ts';
import type { ProgressView } from '../screen/progress.ts';
import { pageWritten, showResult } from '../screen/show-result.ts';
import { carryOut, type Session } from './carry-out.ts';

/** What has been checked as far as it can be without this machine's network. */
type Prepared = Omit<Session, 'note' | 'beside'>;

/**
 * Takes this machine, decides on the network, checks the user's own path, and measures. `options` decide on the network,
 * too. Throws `UsageError` before anything is written.
 */
export async function runSession(prepared: Prepared, options: RunOptions): Promise<ExitCode> {
  // Before anything that would disturb another run.
  const { release, beside } = await machineFor(prepared.directory, options);
  try {
    const decided = await decideNetwork(prepared.plan, options);
    await checkVia({ plan: decided.plan, say: (text) => say(text, options), warn });
    return await measureAndShow({ ...prepared, ...decided, beside }, options);
  } finally {
    release();
  }
}

function say(text: string, { quiet }: RunOptions): void {
  if (!quiet) process.stderr.write(`${text}\n`);
}

/** What is no progress, so that it is also printed with `--quiet`. */
function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** From the first file that is written to the exit code. */
async function measureAndShow(session: Session, options: RunOptions): Promise<ExitCode> {
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
