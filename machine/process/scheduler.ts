import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, clockSince, newEpoch } from './clock.ts';

/**
 * A clock, and waiting by it. What waits by nothing else can be played in a test, where time jumps to whatever is due
 * next.
 */
export type Scheduler = Clock & {
  /** Resolves after this long. Rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** Real time, by a clock whose epoch is now. */
export function startScheduler(): Scheduler {
  return {
    ...clockSince(newEpoch()),
    sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => Promise.reject(signal.reason)),
  };
}

/** Resolves at this instant of the clock, at once if it has passed. */
export async function sleepUntil(scheduler: Scheduler, atUs: number, signal: AbortSignal): Promise<void> {
  await scheduler.sleep(Math.max(0, (atUs - scheduler.nowUs()) / 1000), signal);
}
