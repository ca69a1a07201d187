import type { CapacityStep, MeasuredStep, StepFailure } from './capacity-step.ts';

/** Updates per second, over all channels. The last is 2,000,000 deliveries, which no server process comes to. */
const rates = { first: 250, last: 100_000 } as const;
/** If all cores were less busy than this, the next rate is four times as high: twice would not yet fill one. */
const calmShare = 0.15;
/** Between a rate that was carried and one that was not, further apart than this, one more is tried. */
const closeEnough = 1.5;

/** What a climb came to. */
export type Climbed = {
  /** Those that were carried or limited, in the order in which they were tried. */
  readonly steps: readonly CapacityStep[];
  /** What ended the climb in place of a limit; null: nothing did. */
  readonly failure: StepFailure | null;
  /** Updates per second of a step that was not over when the time was; null: there was none. */
  readonly unfinished: number | null;
};

/** No step starts later than this; one takes some seven seconds, of which four are warm-up and window. */
export const lastStartMs = 33_000;

/**
 * The next rate to try, in updates per second; undefined: the limit is known well enough, or there is no time for
 * another step. `steps`: those so far. `elapsedMs`: since the first began.
 */
export function nextRate(steps: readonly CapacityStep[], elapsedMs: number): number | undefined {
  if (elapsedMs > lastStartMs) return undefined;
  const carried = highestCarried(steps);
  const limited = lowestLimited(steps);
  if (limited) return carried && between(carried.updatesPerSecond, limited.updatesPerSecond);
  if (!carried) return rates.first;
  if (carried.updatesPerSecond >= rates.last) return undefined;
  const busiest = Math.max(...Object.values(carried.cores).map((core) => core?.share ?? 0));
  return Math.min(rates.last, carried.updatesPerSecond * (busiest < calmShare ? 4 : 2));
}

/** In the middle, as factors go; undefined if the two are close. */
function between(carried: number, limited: number): number | undefined {
  return limited / carried > closeEnough ? Math.round(Math.sqrt(carried * limited)) : undefined;
}

/** The step at the highest rate that the machine carried; undefined: none. */
export function highestCarried(steps: readonly CapacityStep[]): MeasuredStep | undefined {
  return byRate(steps).findLast((step): step is MeasuredStep => step.limit === null);
}

/** The step at the lowest rate that it did not carry: what limited first. Undefined: it carried all. */
export function lowestLimited(steps: readonly CapacityStep[]): CapacityStep | undefined {
  return byRate(steps).find(({ limit }) => limit !== null);
}

function byRate(steps: readonly CapacityStep[]): readonly CapacityStep[] {
  return steps.toSorted((a, b) => a.updatesPerSecond - b.updatesPerSecond);
}
