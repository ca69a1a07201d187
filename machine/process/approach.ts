import fs from 'node:fs';
import type { Clock } from './clock.ts';
import { createSpinBudget } from './spin-budget.ts';
import { tightenTimers } from './timer-slack.ts';
import { unlimited, type WakeLimit } from './wake-limit.ts';

/**
 * How the main thread gets to an instant. The way from the alarm's thread to the main thread takes 70 to 360 µs, so a
 * thread that wakes up in time is not enough: it has to wake the main thread earlier, which waits for the rest itself.
 */
export type Approach = {
  /** How long before `atUs` the main thread is to be woken, in microseconds; below 0: so much later. */
  readonly leadUs: (atUs: number) => number;
  /** May block until `atUs`, or return earlier: then the event loop turns, and it is called again. */
  readonly wait: (atUs: number) => void;
  /** How long the main thread may go from one instant to the next without a turn of the event loop. */
  readonly mostWithoutTurnUs: number;
  /** Told how long each turn took that was made only to wait, and when it ended. */
  readonly turned: (tookUs: number, nowUs: number) => void;
  /** Told of each time that the main thread was woken. */
  readonly woke: (nowUs: number) => void;
};

/** The main thread is woken at the instant, and is as late as that takes. */
export const woken: Approach = {
  leadUs: () => 0,
  wait: () => {},
  mostWithoutTurnUs: 0,
  turned: () => {},
  woke: () => {},
};

/** Nearly always more than the way from thread to thread takes. */
const spinLeadUs = 300;

/** A turn of the event loop that found nothing to do takes 2 to 8 µs. What a turn took beyond this was work. */
const mostEmptyTurnUs = 20;

let waitedUs = 0;

/** How long the main thread of this process has spun or dozed so far, in milliseconds: it was active, but not at work. */
export function waitedMs(): number {
  return waitedUs / 1000;
}

let spunUs = 0;

/** How much of it was spun, in milliseconds: CPU time, but no work. */
export function spunMs(): number {
  return spunUs / 1000;
}

/**
 * The event loop turns until the instant, so that what arrives meanwhile is handled at once. That costs CPU, at most 5%
 * of a core; with more instants than that allows (166 a second) the main thread is woken later, at worst at the instant.
 * Within a limit it is woken no more often than that, for all instants that have passed meanwhile.
 */
export function spinning(limit: WakeLimit = unlimited): Approach {
  const budget = createSpinBudget();
  return {
    leadUs: (atUs) => Math.min(Math.max(0, Math.min(spinLeadUs, budget.leftUs(atUs))), atUs - limit.fromUs()),
    wait: () => {},
    mostWithoutTurnUs: 0,
    turned: (tookUs, nowUs) => {
      const ofTurnUs = Math.min(tookUs, mostEmptyTurnUs);
      budget.spend(ofTurnUs, nowUs);
      waitedUs += ofTurnUs;
      spunUs += ofTurnUs;
    },
    woke: limit.woke,
  };
}

/** No longer than others may have to wait for the main thread: once for one instant, and as long again for those that follow. */
const dozeUs = 1_000;

/**
 * After so long a sleep a process may wake up milliseconds late: its pages and caches, and on a virtual machine even its
 * core, have gone to others. It is then woken so much earlier, and stays awake by short naps.
 */
const coldAfterUs = 100_000;
const warmUpUs = 5_000;
const napUs = 150;

/**
 * The main thread sleeps until shortly before the instant and spins the rest, for at most 5% of a core; meanwhile it
 * handles nothing. A sleep ends late, by tens of microseconds: it is made as much shorter as half of them lately
 * took too long; to be in time for nine of ten would take more spinning than a busy core has to give. To wake up costs
 * 25 to 50 µs of CPU (measured with clock_nanosleep(2) in C), more than all the rest, so that from one instant to the
 * next there is just one sleep, except after a long one. Only for a process that receives nothing that is measured.
 */
export function dozing(clock: Pick<Clock, 'nowUs'>, sleep: (us: number) => void = block): Approach {
  tightenTimers(fs);
  const budget = createSpinBudget();
  const oversleep = new RunningMedian();
  return {
    leadUs: (atUs) => (atUs - clock.nowUs() > coldAfterUs ? warmUpUs : dozeUs),
    wait: (atUs) => {
      const wokenUs = clock.nowUs();
      let fromUs = wokenUs;
      const isWarmingUp = atUs - wokenUs > dozeUs;
      for (; isWarmingUp && atUs - fromUs > 2 * napUs; fromUs = clock.nowUs()) sleep(napUs);
      const sleepUs = atUs - fromUs - (budget.leftUs(fromUs) > 0 ? oversleep.estimateUs : 0);
      let awakeUs = fromUs;
      if (sleepUs > 0) {
        sleep(sleepUs);
        awakeUs = clock.nowUs();
        oversleep.note(awakeUs - fromUs - sleepUs);
      }
      let nowUs = awakeUs;
      while (nowUs < atUs) nowUs = clock.nowUs();
      budget.spend(nowUs - awakeUs, nowUs);
      waitedUs += nowUs - wokenUs;
      spunUs += nowUs - awakeUs;
    },
    mostWithoutTurnUs: dozeUs,
    // Made only where instants are near, one in a millisecond.
    turned: () => {},
    woke: () => {},
  };
}

/** Follows the median from one value to the next: no sample is kept. */
class RunningMedian {
  estimateUs = 80;

  note(us: number): void {
    // In balance there are as many steps up as down.
    this.estimateUs += us > this.estimateUs ? 1 : -1;
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

function block(us: number): void {
  Atomics.wait(never, 0, 0, us / 1000);
}
