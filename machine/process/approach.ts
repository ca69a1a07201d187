import fs from 'node:fs';
import { createSpinBudget } from './spin-budget.ts';
import { tightenTimers } from './timer-slack.ts';

/**
 * How the main thread gets to an instant. The way from the alarm's thread to the main thread takes 70 to 360 µs, so a
 * thread that wakes up in time is not enough: it has to wake the main thread earlier, which waits for the rest itself.
 */
export type Approach = {
  /** How long before `atUs` the main thread is to be woken, in microseconds. */
  readonly leadUs: (atUs: number) => number;
  /** Called when `leftUs` are left. May block for as long, or return at once: then the event loop turns, and it is called again. */
  readonly wait: (leftUs: number) => void;
  /** Told how long each such turn took, and when it ended. */
  readonly turned: (tookUs: number, nowUs: number) => void;
};

/** The main thread is woken at the instant, and is as late as that takes. */
export const woken: Approach = { leadUs: () => 0, wait: () => {}, turned: () => {} };

/** Nearly always more than the way from thread to thread takes. */
const spinLeadUs = 300;

/** A turn of the event loop that found nothing to do takes 2 to 5 µs. What a turn took beyond this was work. */
const mostEmptyTurnUs = 20;

let spunUs = 0;

/** How long this process has spun so far, in milliseconds: time of its event loop that was no work. */
export function spunMs(): number {
  return spunUs / 1000;
}

/**
 * The event loop turns until the instant, so that what arrives meanwhile is handled at once. That costs CPU, at most 5%
 * of a core; with more instants than that allows (166 a second) the main thread is woken later, at worst at the instant.
 */
export function spinning(): Approach {
  const { heldUs, turned } = ownBudget();
  return { leadUs: (atUs) => heldUs(atUs, spinLeadUs), wait: () => {}, turned };
}

/** No longer than others may have to wait for the main thread. */
const dozeLeadUs = 1_000;

/** A sleep of the main thread ends 15 to 65 µs late, even with timers that the kernel may not put off. */
const awakeUs = 80;

/**
 * The main thread sleeps until shortly before the instant, for at most a millisecond, and handles nothing meanwhile; then
 * it spins. That costs less CPU than to spin alone, but is only for a process that receives nothing that is measured.
 */
export function dozing(sleep: (us: number) => void = block): Approach {
  tightenTimers(fs);
  const { heldUs, turned } = ownBudget();
  let spinUs = 0;
  return {
    leadUs: (atUs) => {
      spinUs = heldUs(atUs, awakeUs);
      return dozeLeadUs;
    },
    wait: (leftUs) => {
      if (leftUs > spinUs) sleep(leftUs - spinUs);
    },
    turned,
  };
}

function ownBudget(): Pick<Approach, 'turned'> & { readonly heldUs: (atUs: number, mostUs: number) => number } {
  const budget = createSpinBudget();
  return {
    heldUs: (atUs, mostUs) => Math.max(0, Math.min(mostUs, budget.leftUs(atUs))),
    turned: (tookUs, nowUs) => {
      const ofTurnUs = Math.min(tookUs, mostEmptyTurnUs);
      budget.spend(ofTurnUs, nowUs);
      spunUs += ofTurnUs;
    },
  };
}

const never = new Int32Array(new SharedArrayBuffer(4));

function block(us: number): void {
  Atomics.wait(never, 0, 0, us / 1000);
}
