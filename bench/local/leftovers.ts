import { readFileSync, rmSync } from 'node:fs';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import { isRunning } from '../../results/store/owner.ts';
import { attempt } from '../../text/attempt.ts';
import { makerOf, temporaryDirectories, temporaryDirectoryIn } from './temporary-directory.ts';

/**
 * What a killed run can leave behind. Its processes normally end when the run's end of their channel or standard input
 * closes; a stopped or hanging one does not. Its network is unnamed and ends with the processes in it.
 */
export type Leftovers = {
  /** Temporary directories whose run is no longer alive. */
  readonly directories: readonly string[];
  /** Ids of measured processes whose run is no longer alive. */
  readonly processes: readonly number[];
};

const programs = ['server', 'load', 'source', 'relay', 'backplane', 'proxy'] as const;

/** Lists leftovers of dead runs in the temporary directory and in /proc. */
export function findLeftovers(): Leftovers {
  return {
    directories: temporaryDirectories().filter(isOrphaned),
    processes: processIds().filter((pid) => isOrphaned(directoryOf(pid))),
  };
}

/** Ends and removes all leftovers that this user may, and leaves those of others; returns all that were found. */
export function sweepLeftovers(): Leftovers {
  const found = findLeftovers();
  for (const pid of found.processes) attempt(() => process.kill(pid, 'SIGKILL'));
  for (const directory of found.directories) attempt(() => rmSync(directory, { recursive: true, force: true }));
  return found;
}

/** The temporary directory of the run that a measured process belongs to. */
function directoryOf(pid: number): string | undefined {
  const command = commandOf(pid);
  return command[0]?.startsWith('nginx: ') ? directoryOfNginx(pid) : directoryOfProgram(command);
}

const program = new RegExp(`/(?:${programs.join('|')})\\.cjs$`);

function directoryOfProgram(command: readonly string[]): string | undefined {
  const path = command.slice(0, 2).find((word) => program.test(word));
  return path === undefined ? undefined : temporaryDirectoryIn(path);
}

/**
 * Taken from the working directory, which is that of its configuration: the command line of an NGINX worker has no
 * path.
 */
function directoryOfNginx(pid: number): string | undefined {
  const path = `${workingDirectory(pid) ?? ''}/`;
  return path.includes('/nginx-') ? temporaryDirectoryIn(path) : undefined;
}

/** Whether a run made this directory and is no longer alive. */
function isOrphaned(directory: string | undefined): boolean {
  const maker = directory === undefined ? undefined : makerOf(directory);
  return maker !== undefined && !isRunning(maker);
}

function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
