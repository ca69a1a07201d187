/**
 * Keeps a process from being woken more often than a thousand times a second, by the rule of a leaky bucket (GCRA, ITU-T
 * I.371). A wake-up costs 25 to 50 µs of CPU: at thousands a second, a fourth of what the process does.
 */
export type WakeLimit = {
  /** From when on it may be woken, in microseconds. */
  readonly fromUs: () => number;
  /** Told of each wake-up. */
  readonly woke: (nowUs: number) => void;
};

export const unlimited: WakeLimit = { fromUs: () => Number.NEGATIVE_INFINITY, woke: () => {} };

const apartUs = 1_000;

/** Wake-ups that may come at once after as many milliseconds without one, so that random instants have theirs. */
const mostSaved = 20;

export function createWakeLimit(): WakeLimit {
  let fullUs = Number.NEGATIVE_INFINITY;
  return {
    fromUs: () => fullUs - (mostSaved - 1) * apartUs,
    woke: (nowUs) => {
      fullUs = Math.max(fullUs, nowUs) + apartUs;
    },
  };
}
