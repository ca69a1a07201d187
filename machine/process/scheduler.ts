import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, clockSince, type Epoch, newEpoch } from './clock.ts';

/**
 * A clock and a way to wait by it. Code that waits only through this can be tested in memory, where time jumps to
 * whatever is due next.
 */
export type Scheduler = Clock & {
  /** Resolves after `ms`. Rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls `act` again and again, each time `ms` after the last call or later. Returns a function that ends it. */
  readonly every: (ms: number, act: () => void) => () => void;
};

/** A scheduler in real time whose epoch is now. */
export function startScheduler(): Scheduler {
  return schedulerSince(newEpoch());
}

/** A scheduler in real time, by the clock with this epoch. */
export function schedulerSince(epoch: Epoch): Scheduler {
  return {
    ...clockSince(epoch),
    // Node.js cuts off fractions of a millisecond.
    sleep: (ms, signal) => wait(Math.ceil(ms), undefined, { signal }).catch(() => Promise.reject(signal.reason)),
    every: (ms, act) => {
      const timer = setInterval(act, ms).unref();
      return () => clearInterval(timer);
    },
  };
}

/** Timers have whole milliseconds, so none can be closer to its instant. */
const earliestUs = 1_000;

/** Resolves at this instant of the clock, or at once if it has passed. Rejects with the signal's reason. */
export async function sleepUntil(scheduler: Scheduler, atUs: number, signal: AbortSignal): Promise<void> {
  // A timer counts from when its turn of the event loop began. After a long turn it fires too early by as much.
  do await scheduler.sleep(Math.max(0, (atUs - scheduler.nowUs()) / 1000), signal);
  while (atUs - scheduler.nowUs() > earliestUs);
}
