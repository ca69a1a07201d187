import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { attempt } from '../../text/attempt.ts';
import { readBounded } from '../../text/bounded-file.ts';
import { filesOf, writeWhole } from './files.ts';

/**
 * A process, told apart from a later one with the same id by when it started. `namespace`: where the id has a meaning; a
 * container has one of its own.
 */
export type Owner = { readonly pid: number; readonly startTime: string | null; readonly namespace: string | null };

/** This process. */
export function thisProcess(): Owner {
  return { pid: process.pid, startTime: statOf(process.pid)?.startTime ?? null, namespace: ownNamespace() };
}

/**
 * Marks this process as the owner of a run directory, so that a reader can check whether a run with the status `running`
 * is still going on: after `kill -9` the status stays. Throws `UnwritableFile`.
 */
export function claimDirectory(directory: string): void {
  writeWhole(filesOf(directory).owner, `${JSON.stringify(thisProcess())}\n`);
}

export function releaseDirectory(directory: string): void {
  // Without its owner a run that is not marked as ended reads as interrupted, so nothing is lost if this is refused.
  attempt(() => rmSync(filesOf(directory).owner, { force: true }));
}

/** Whether the process that claimed the directory still runs on this machine. */
export function isOwned(directory: string): boolean {
  const owner = readOwner(filesOf(directory).owner);
  return owner !== undefined && isRunning(owner);
}

/** Whether this process runs. One of another container counts as running, since nothing here can tell. */
export function isRunning({ pid, startTime, namespace }: Owner): boolean {
  if (namespace !== null && namespace !== ownNamespace()) return true;
  const stat = statOf(pid);
  return stat === undefined ? startTime === null && isAlive(pid) : stat.startTime === startTime && !stat.hasEnded;
}

const mostBytes = 64 * 1024;

/** The owner that a file names; `undefined` if it names none or cannot be read. */
export function readOwner(path: string): Owner | undefined {
  try {
    const text = readBounded(path, { mostBytes }).toString('utf8');
    const { pid, startTime = null, namespace = null } = JSON.parse(text) as Partial<Owner>;
    // 0 and negative numbers would signal whole process groups.
    return Number.isSafeInteger(pid) && pid! > 0 ? { pid: pid!, startTime, namespace } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process with this id exists, whichever user owns it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Fields 3 and 22 of proc(5) `stat`: whether the process has ended and only its parent has not noticed yet, and ticks
 * from boot to its start, which tell a reused process id apart. Undefined if it is gone, or where there is no /proc.
 */
function statOf(pid: number): { readonly startTime: string; readonly hasEnded: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { startTime: fields[19] ?? '', hasEnded: 'ZX'.includes(fields[0] ?? '') };
  } catch {
    return undefined;
  }
}

function ownNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
