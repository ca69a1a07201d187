import { readFileSync, rmSync } from 'node:fs';
import { filesOf, writeWhole } from './files.ts';

/**
 * Who writes a run: the process that `status: 'running'` stands for. After `kill -9` nobody can write
 * `status: 'interrupted'`, so a reader asks whether that process is still there.
 */
type Owner = { readonly pid: number; readonly startTime: string | null };

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
    // Zero and negative numbers would signal whole process groups.
    return Number.isSafeInteger(pid) && pid! > 0 ? { pid: pid!, startTime: startTime ?? null } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this number exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of proc(5) `stat`: ticks from boot to the start of the process, which tells a reused number apart. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
