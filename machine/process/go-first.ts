import { spawnSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/**
 * Lets this process run as soon as it has something to do, before all others on its core: with real-time priority
 * (SCHED_FIFO, sched(7)) where chrt can set it, by a high priority where only that is allowed, not at all otherwise;
 * lateness then shows it. Only for a process that works little and in short pieces.
 *
 * The helper threads go before the main thread. V8's main thread turns the event loop until they have swept; on one core
 * at the same real-time priority they would never run.
 */
export function goFirst(): void {
  const isRealTime = realTime(2, '--all-tasks') && realTime(1);
  if (!isRealTime) raisePriority();
}

/** For this process's main thread, whose id is that of the process, or for all its threads. */
function realTime(priority: number, ...tasks: readonly string[]): boolean {
  const args = ['--fifo', ...tasks, '--pid', String(priority), String(process.pid)];
  return spawnSync('chrt', args, { stdio: 'ignore' }).status === 0;
}

function raisePriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Not allowed.
  }
}
