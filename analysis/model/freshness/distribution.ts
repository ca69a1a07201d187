/** A distribution of times in milliseconds. */
export type Distribution = {
  readonly meanMs: number;
  /** The time that a share of all stays below, for shares from 0 to 1. */
  readonly quantileMs: (share: number) => number;
};

/** Evenly spread between two times. */
export function uniform(fromMs: number, toMs: number): Distribution {
  return { meanMs: (fromMs + toMs) / 2, quantileMs: (share) => fromMs + share * (toMs - fromMs) };
}

/** `atMost(ms)`: the share of times up to `ms`, which must reach 1 at `mostMs`. */
export function byShares(meanMs: number, atMost: (ms: number) => number, mostMs: number): Distribution {
  return { meanMs, quantileMs: (share) => firstReaching(share, atMost, mostMs) };
}

/** As observed; NaN without any. Quantiles are the nearest observed time. */
export function observed(timesMs: readonly number[]): Distribution {
  const sorted = Float64Array.from(timesMs).sort();
  const place = (share: number) => Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return {
    meanMs: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length,
    quantileMs: (share) => sorted[place(share)] ?? Number.NaN,
  };
}

/** The same, later by a constant. */
export function later(distribution: Distribution, byMs: number): Distribution {
  return {
    meanMs: distribution.meanMs + byMs,
    quantileMs: (share) => distribution.quantileMs(share) + byMs,
  };
}

/** So many places of each of two distributions stand for it. */
const places = 64;

/** Later by a time of its own for each, evenly from −width/2 to +width/2: the mean stays. */
export function spread(distribution: Distribution, widthMs: number): Distribution {
  if (widthMs === 0) return distribution;
  const middles = Array.from({ length: places }, (_, i) => (i + 0.5) / places);
  const times = middles
    .map((share) => distribution.quantileMs(share))
    .flatMap((ms) => middles.map((place) => ms + (place - 0.5) * widthMs));
  return { ...observed(times), meanMs: distribution.meanMs };
}

const halvings = 60;

/** By bisection, to the last digits of a double. */
function firstReaching(share: number, atMost: (ms: number) => number, mostMs: number): number {
  let [low, high] = [0, mostMs];
  if (atMost(low) >= share) return low;
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (atMost(middle) >= share) high = middle;
    else low = middle;
  }
  return high;
}
