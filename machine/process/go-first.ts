import { constants, setPriority } from 'node:os';

/**
 * Lets this process run sooner than others on its core when it has something to do. Only for a process that works little
 * and in short pieces. Does nothing where it is not allowed, as it is for root; lateness then shows it.
 *
 * Not with real-time priority (SCHED_FIFO), which would be more exact: V8's main thread turns the event loop until its
 * helper threads have swept, and on one core those would never run.
 */
export function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Not allowed.
  }
}
