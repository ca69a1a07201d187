import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import { isAlive } from '../../results/store/owner.ts';

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

/** Prefix of a temporary directory's name, followed by the process id of its run. */
export const directoryPrefix = 'pvw-';

const programs = ['server', 'load', 'source', 'relay', 'backplane', 'proxy'] as const;

/** Lists leftovers of dead runs in the temporary directory and in /proc. */
export function findLeftovers(): Leftovers {
  return {
    directories: readdirSync(tmpdir())
      .filter((name) => isOrphaned(/^pvw-(\d+)-/.exec(name)?.[1]))
      .map((name) => join(tmpdir(), name)),
    processes: processIds().filter((pid) => isOrphaned(ownerOf(pid))),
  };
}

/** Ends and removes all leftovers that this user may; returns all that were found. */
export function sweepLeftovers(): Leftovers {
  const found = findLeftovers();
  for (const pid of found.processes) attempt(() => process.kill(pid, 'SIGKILL'));
  for (const directory of found.directories) attempt(() => rmSync(directory, { recursive: true, force: true }));
  return found;
}

/** The process id of the run that a measured process belongs to. */
function ownerOf(pid: number): string | undefined {
  const command = commandOf(pid);
  return command[0]?.startsWith('nginx: ') ? ownerOfNginx(pid) : ownerOfProgram(command);
}

/** Taken from the directory of its program. */
function ownerOfProgram(command: readonly string[]): string | undefined {
  const program = new RegExp(`/${directoryPrefix}(\\d+)-[^/]+/(?:${programs.join('|')})\\.cjs$`);
  return command.slice(0, 2).flatMap((word) => program.exec(word)?.[1] ?? [])[0];
}

/**
 * Taken from the working directory, which is that of its configuration: the command line of an NGINX worker has no
 * path.
 */
function ownerOfNginx(pid: number): string | undefined {
  return new RegExp(`/${directoryPrefix}(\\d+)-[^/]+/nginx-`).exec(`${workingDirectory(pid) ?? ''}/`)?.[1];
}

function isOrphaned(owner: string | undefined): boolean {
  return owner !== undefined && !isAlive(Number(owner));
}

function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function attempt(remove: () => void): void {
  try {
    remove();
  } catch {
    // Belongs to another user: leave it there, and run anyway.
  }
}
