import type { Clock } from './clock.ts';
import type { Scheduler } from './scheduler.ts';

/** A time in which a process did not run, or was too busy to look at its clock, in microseconds of that clock. */
export type Gap = { readonly fromUs: number; readonly toUs: number };

const tickUs = 5_000;
/** A tick that is overdue by more than this opens a gap. */
const overdueUs = 5_000;
/** A gap goes on while ticks are overdue by more than this: the process is working off what has queued. */
const catchingUpUs = 2_000;
/** From here on the last gap is extended, so that a process that is always late needs no more memory. */
const mostGaps = 10_000;

/**
 * Finds gaps in the ticks of one process. A gap begins at the last tick before it, because the process may have stopped
 * right after that, and ends with the last late tick in a row.
 */
export class GapWatch {
  readonly gaps: { readonly fromUs: number; toUs: number }[] = [];
  #tickedUs: number;
  #aliveUs: number;
  #inGap = false;

  constructor(nowUs: number) {
    this.#tickedUs = nowUs;
    this.#aliveUs = nowUs;
  }

  /** A tick of the timer. The next one is due `tickUs` later, however late this one is. */
  tick(nowUs: number): void {
    const isLate = nowUs - this.#tickedUs > tickUs + catchingUpUs;
    if (!this.#look(nowUs)) {
      if (this.#inGap && isLate) this.#extend(nowUs);
      else this.#inGap = false;
    }
    this.#tickedUs = nowUs;
  }

  /** The process looks at its clock: it runs, even if its work keeps it from ticking. */
  alive(nowUs: number): void {
    this.#look(nowUs);
  }

  /** Whether a gap ends now. */
  #look(nowUs: number): boolean {
    const isGap = nowUs - this.#aliveUs > tickUs + overdueUs;
    if (isGap) this.#extend(nowUs);
    this.#aliveUs = nowUs;
    return isGap;
  }

  #extend(nowUs: number): void {
    if (this.#inGap || this.gaps.length === mostGaps) this.gaps.at(-1)!.toUs = nowUs;
    else this.gaps.push({ fromUs: this.#aliveUs, toUs: nowUs });
    this.#inGap = true;
  }
}

/** Ticks every 5 ms, to see when its process does not run. */
export type SelfTick = {
  /** Forgets earlier gaps and ticks from now on. */
  readonly begin: () => void;
  /** Stops ticking. Returns the gaps since `begin`, in order. */
  readonly end: () => readonly Gap[];
  /** The same clock. Each look at it is a sign that the process runs, for work that keeps it from ticking. */
  readonly clock: Clock;
};

export function createSelfTick(scheduler: Scheduler): SelfTick {
  let watch: GapWatch | undefined;
  let stop: (() => void) | undefined;
  return {
    clock: {
      ...scheduler,
      nowUs: () => {
        const nowUs = scheduler.nowUs();
        if (stop) watch?.alive(nowUs);
        return nowUs;
      },
    },
    begin: () => {
      stop?.();
      const begun = new GapWatch(scheduler.nowUs());
      watch = begun;
      stop = scheduler.every(tickUs / 1000, () => begun.tick(scheduler.nowUs()));
    },
    end: () => {
      // What asks for the end may run before a tick that is overdue.
      if (stop) watch?.tick(scheduler.nowUs());
      stop?.();
      stop = undefined;
      return watch?.gaps ?? [];
    },
  };
}

/** The times that any of these gaps covers: in order, apart from each other. */
export function mergeGaps(gaps: readonly Gap[]): readonly Gap[] {
  const merged: { readonly fromUs: number; toUs: number }[] = [];
  for (const { fromUs, toUs } of [...gaps].sort((a, b) => a.fromUs - b.fromUs)) {
    const last = merged.at(-1);
    if (last && fromUs <= last.toUs) last.toUs = Math.max(last.toUs, toUs);
    else merged.push({ fromUs, toUs });
  }
  return merged;
}
