/** Keeps a process from spending more than `spinShare` of a core on waiting awake. */
export type SpinBudget = {
  /** What may be spent at `atUs` if nothing is spent before, in microseconds. Below 0: more was spent than allowed. */
  readonly leftUs: (atUs: number) => number;
  /** Takes away what has been spent up to `nowUs`. */
  readonly spend: (us: number, nowUs: number) => void;
};

/** Share of a core that a process may spend. */
export const spinShare = 0.05;

/** Ten whole spins, so that random instants which fall close together have theirs. */
const mostSavedUs = 3_000;

/** A full budget, filled up at `spinShare` of the time that passes. */
export function createSpinBudget(): SpinBudget {
  let savedUs = mostSavedUs;
  let asOfUs = 0;
  const leftUs = (atUs: number) => Math.min(mostSavedUs, savedUs + (atUs - asOfUs) * spinShare);
  return {
    leftUs,
    spend: (us, nowUs) => {
      savedUs = leftUs(nowUs) - us;
      asOfUs = nowUs;
    },
  };
}
