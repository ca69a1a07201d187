import { fstatSync, writeSync } from 'node:fs';
import { ResultsError } from '../../results/store/errors.ts';
import { exitCodes } from './exit-codes.ts';

const standardOutput = 1;

/**
 * Writes text to standard output. Into a file it is written whole before this returns: Node.js itself ignores that a
 * full disk has taken only a part. Throws `ResultsError`.
 */
export function print(text: string): void {
  try {
    if (isWrittenAtOnce()) writeAll(Buffer.from(text));
    else process.stdout.write(text);
  } catch (error) {
    throw new ResultsError(`standard output: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

function writeAll(bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(standardOutput, bytes, written);
}

/** Whether standard output is a file or a device such as `/dev/full`; pipes, sockets and terminals are not. */
function isWrittenAtOnce(): boolean {
  try {
    const status = fstatSync(standardOutput);
    return status.isFile() || (status.isCharacterDevice() && process.stdout.isTTY !== true);
  } catch {
    return false;
  }
}

/**
 * Goes on when a reader is gone: `pvw list | head` closes the pipe early, and a terminal may be closed during a run,
 * whose results are on disk. Any other failure of standard output ends the command with `usage`.
 */
export function outliveReaders(): void {
  // Once, however often the command runs in this process.
  if (process.stdout.listeners('error').includes(onOutputError)) return;
  process.stderr.on('error', () => {});
  process.stdout.on('error', onOutputError);
}

function onOutputError({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE' || code === 'EIO') return;
  process.stderr.write(`pvw: standard output: cannot be written (${code})\n`, () => process.exit(exitCodes.usage));
}
