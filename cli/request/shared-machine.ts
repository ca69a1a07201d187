import { resolve } from 'node:path';
import { lockMachine, type MachineLock, type Running } from '../../bench/local/machine-lock.ts';
import { plainText } from '../../text/plain-text.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { RunOptions } from '../options/run-options.ts';

/** This machine for one run. `beside`: a line about another run that goes on meanwhile. */
export type Machine = Pick<MachineLock, 'release'> & { readonly beside: string | undefined };

/**
 * Locks this machine for a run into `directory`. Two at once are invalid, as a rule, so another is no mere warning unless
 * that is asked for. Throws `UsageError`.
 */
export async function machineFor(directory: string, { force }: Pick<RunOptions, 'force'>): Promise<Machine> {
  const lock = await lockMachine(resolve(directory));
  if (lock.other === undefined) return { release: lock.release, beside: undefined };
  const beside = `another run is going on: ${runningText(lock.other)}`;
  // Tests of the suite itself do not care.
  if (force !== true && !process.env.PVW_SHARE_MACHINE) {
    lock.release();
    throw new UsageError(`${beside}; wait for it, or give --force`);
  }
  return { release: lock.release, beside: `${beside}; each disturbs the other` };
}

function runningText({ pid, directory }: Running): string {
  if (pid === undefined || directory === undefined) return 'a process that does not answer';
  return plainText(`process ${pid}, with its results in ${directory}`);
}
