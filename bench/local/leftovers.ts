import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import { isAlive } from '../../results/store/owner.ts';

/**
 * What a killed run can leave. Its network is not among it: that has no name and ends with the processes in it, and
 * these end when the run's end of their channel or their standard input closes. One that was stopped, or hangs, does not.
 */
export type Leftovers = {
  /** Temporary directories whose run is not alive any more. */
  readonly directories: readonly string[];
  /** Process ids of measured processes whose run is not alive any more. */
  readonly processes: readonly number[];
};

/** In front of a temporary directory's name; the process id of its run follows. */
export const directoryPrefix = 'pvw-';

const programs = ['server', 'load', 'source', 'relay', 'backplane', 'proxy'] as const;

export function findLeftovers(): Leftovers {
  return {
    directories: readdirSync(tmpdir())
      .filter((name) => isOrphaned(/^pvw-(\d+)-/.exec(name)?.[1]))
      .map((name) => join(tmpdir(), name)),
    processes: processIds().filter((pid) => isOrphaned(ownerOf(pid))),
  };
}

/** Removes what is ours to remove; returns what was found. */
export function sweepLeftovers(): Leftovers {
  const found = findLeftovers();
  for (const pid of found.processes) attempt(() => process.kill(pid, 'SIGKILL'));
  for (const directory of found.directories) attempt(() => rmSync(directory, { recursive: true, force: true }));
  return found;
}

/** The run that a measured process belongs to. */
function ownerOf(pid: number): string | undefined {
  const command = commandOf(pid);
  return command[0]?.startsWith('nginx: ') ? ownerOfNginx(pid) : ownerOfProgram(command);
}

/** From the directory that its program stands in. */
function ownerOfProgram(command: readonly string[]): string | undefined {
  const program = new RegExp(`/${directoryPrefix}(\\d+)-[^/]+/(?:${programs.join('|')})\\.cjs$`);
  return command.slice(0, 2).flatMap((word) => program.exec(word)?.[1] ?? [])[0];
}

/** A worker of NGINX has no words of its own in its command, but runs in the directory of its configuration. */
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
    // Another user's: not ours to remove, and no reason not to run.
  }
}
