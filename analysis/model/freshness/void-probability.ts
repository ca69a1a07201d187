import { type Arrivals, ratePerSecond } from '../../../scenarios/scenario.ts';

/**
 * The void probability of a stationary stream of arrivals: how likely none falls into a stretch of time that begins at
 * an instant chosen without regard to them. Almost everything that polling does follows from it, whatever the arrivals:
 * a poll brings nothing with the void probability of its interval.
 *
 * - `poisson` with rate λ: v(x) = e^(−λx).
 * - `bursts` begin with rate β, each n arrivals a gap g apart. A stretch of x is hit by the bursts that begin within a set
 *   of instants of measure x + (n − 1) min(x, g): v(x) = e^(−β(x + (n − 1) min(x, g))).
 * - `constant` and `trace` repeat the same gaps: of a gap d, the instants from which nothing follows for x have measure
 *   max(0, d − x), so v(x) = Σ max(0, d − x) / Σ d.
 *
 * Source: Daley and Vere-Jones, An Introduction to the Theory of Point Processes, 2.1 and 3.1; the two sums are worked
 * out here.
 */
export function voidProbability(arrivals: Arrivals, stretchMs: number): number {
  switch (arrivals.kind) {
    case 'poisson':
      return Math.exp(-perMs(arrivals) * stretchMs);
    case 'bursts': {
      const { size, gapMs } = arrivals;
      return Math.exp((-arrivals.perSecond / 1000) * (stretchMs + (size - 1) * Math.min(stretchMs, gapMs)));
    }
    case 'constant':
    case 'trace': {
      const { gapsMs, lengthMs } = gapsOf(arrivals);
      return gapsMs.reduce((sum, gapMs) => sum + Math.max(0, gapMs - stretchMs), 0) / lengthMs;
    }
  }
}

/** The integral of the void probability over stretches from 0 to this one, in milliseconds. */
export function voidIntegralMs(arrivals: Arrivals, stretchMs: number): number {
  switch (arrivals.kind) {
    case 'poisson':
      return exponentialIntegral(perMs(arrivals), stretchMs);
    case 'bursts': {
      const { size, gapMs } = arrivals;
      const startsPerMs = arrivals.perSecond / 1000;
      const withinGapMs = Math.min(stretchMs, gapMs);
      const beyondMs = stretchMs - withinGapMs;
      const atGap = Math.exp(-startsPerMs * size * withinGapMs);
      return exponentialIntegral(startsPerMs * size, withinGapMs) + atGap * exponentialIntegral(startsPerMs, beyondMs);
    }
    case 'constant':
    case 'trace': {
      const { gapsMs, lengthMs } = gapsOf(arrivals);
      const area = (gapMs: number) => gapMs ** 2 / 2 - Math.max(0, gapMs - stretchMs) ** 2 / 2;
      return gapsMs.reduce((sum, gapMs) => sum + area(gapMs), 0) / lengthMs;
    }
  }
}

const shortStretchMs = 0.001;

/** Share of arrivals that nothing follows for so long: −v′(x)/λ (Daley and Vere-Jones, 3.4). */
export function silenceShare(arrivals: Arrivals, stretchMs: number): number {
  const rate = perMs(arrivals);
  if (rate === 0) return 1;
  const fall = voidProbability(arrivals, stretchMs) - voidProbability(arrivals, stretchMs + shortStretchMs);
  return Math.min(1, fall / shortStretchMs / rate);
}

/** Mean arrivals per millisecond. */
export function perMs(arrivals: Arrivals): number {
  return ratePerSecond(arrivals) / 1000;
}

/** ∫ e^(−rate · u) du from 0 to x. */
function exponentialIntegral(rate: number, x: number): number {
  return rate === 0 ? x : -Math.expm1(-rate * x) / rate;
}

type Repeated = Extract<Arrivals, { kind: 'constant' | 'trace' }>;

/** The gaps between arrivals that repeat themselves, the last of a trace reaching into its next round. */
function gapsOf(arrivals: Repeated): { readonly gapsMs: readonly number[]; readonly lengthMs: number } {
  if (arrivals.kind === 'constant') {
    const gapMs = 1000 / arrivals.perSecond;
    return { gapsMs: [gapMs], lengthMs: gapMs };
  }
  const { instantsMs, lengthMs } = arrivals;
  const nextMs = (place: number) => instantsMs[place + 1] ?? instantsMs[0]! + lengthMs;
  return { gapsMs: instantsMs.map((ms, place) => nextMs(place) - ms), lengthMs };
}
