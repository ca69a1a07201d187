import { spawnSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/**
 * Lets this process run as soon as it has something to do, before all others on its core: with real-time priority
 * (SCHED_RR, sched(7)) where chrt can set it, by a high priority where only that is allowed, not at all otherwise;
 * lateness then shows it. Only for a process that works little and in short pieces.
 *
 * All its threads have the same priority, and on one core they take turns: libuv and V8 have threads that wait for each
 * other without sleeping, for ever if one of them cannot run.
 */
export function goFirst(): void {
  const args = ['--rr', '--all-tasks', '--pid', '1', String(process.pid)];
  if (spawnSync('chrt', args, { stdio: 'ignore' }).status !== 0) raisePriority();
}

function raisePriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Not allowed.
  }
}
