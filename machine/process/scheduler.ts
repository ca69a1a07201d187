import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, clockSince, newEpoch } from './clock.ts';

/**
 * A clock and a way to wait by it. Code that waits only through this can be tested in memory, where time jumps to
 * whatever is due next.
 */
export type Scheduler = Clock & {
  /** Resolves after `ms`. Rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** A scheduler in real time whose epoch is now. */
export function startScheduler(): Scheduler {
  return {
    ...clockSince(newEpoch()),
    // Node cuts off the fraction, and may fire up to a millisecond early on top.
    sleep: (ms, signal) => wait(Math.ceil(ms), undefined, { signal }).catch(() => Promise.reject(signal.reason)),
  };
}

/** Resolves at this instant of the clock, or at once if it has passed. Rejects with the signal's reason. */
export async function sleepUntil(scheduler: Scheduler, atUs: number, signal: AbortSignal): Promise<void> {
  await scheduler.sleep(Math.max(0, (atUs - scheduler.nowUs()) / 1000), signal);
}
