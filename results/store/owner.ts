import { readFileSync, rmSync } from 'node:fs';
import { filesOf, writeWhole } from './files.ts';

/**
 * The process that writes a run while its status is `running`. After `kill -9` the status stays `running`, so a reader
 * checks whether this process is still alive.
 */
type Owner = { readonly pid: number; readonly startTime: string | null };

/** Marks this process as the owner of a run directory. Throws system errors unchanged. */
export function claimDirectory(directory: string): void {
  const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) };
  writeWhole(filesOf(directory).owner, `${JSON.stringify(owner)}\n`);
}

export function releaseDirectory(directory: string): void {
  rmSync(filesOf(directory).owner, { force: true });
}

/** Whether the process that claimed the directory still runs on this machine. */
export function isOwned(directory: string): boolean {
  const owner = readOwner(directory);
  return owner !== undefined && isAlive(owner.pid) && startTimeOf(owner.pid) === owner.startTime;
}

function readOwner(directory: string): Owner | undefined {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(filesOf(directory).owner, 'utf8')) as Partial<Owner>;
    // 0 and negative numbers would signal whole process groups.
    return Number.isSafeInteger(pid) && pid! > 0 ? { pid: pid!, startTime: startTime ?? null } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process with this id exists, whichever user owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Field 22 of proc(5) `stat`: ticks from boot to the start of the process. It tells a reused process id apart; null if
 * unknown.
 */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
