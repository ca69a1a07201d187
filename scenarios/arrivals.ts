import type { Random } from './random.ts';
import type { Arrivals, Trace } from './scenario.ts';

/**
 * The instants of one stream of arrivals in a time of this length, whose number is left to chance: whole microseconds
 * from its start, sorted, in [0, durationUs). For a measured window see `arrivalsInWindow`, where the number is fixed.
 *
 * - `constant` starts at a random phase within its first period, so that channels do not tick together.
 * - `poisson` and `bursts` are stationary: the window shows part of an endless process, including bursts that began
 *   before the window.
 * - `trace` repeats the recording from its start, without randomness.
 *
 * Empty for a rate of 0 or a trace without instants.
 */
export function arrivalInstantsUs(arrivals: Arrivals, durationUs: number, random: Random): number[] {
  switch (arrivals.kind) {
    case 'constant':
      return constant(1e6 / arrivals.perSecond, durationUs, random);
    case 'poisson':
      return poisson(1e6 / arrivals.perSecond, durationUs, random);
    case 'bursts':
      return bursts(arrivals, durationUs, random);
    case 'trace':
      return traceInstantsUs(arrivals, durationUs);
  }
}

/** The same arrivals with time running `factor` times as fast, including gaps within bursts and traces. */
export function accelerated(arrivals: Arrivals, factor: number): Arrivals {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return { ...arrivals, perSecond: arrivals.perSecond * factor };
    case 'bursts':
      return { ...arrivals, perSecond: arrivals.perSecond * factor, gapMs: arrivals.gapMs / factor };
    case 'trace':
      return {
        kind: 'trace',
        instantsMs: arrivals.instantsMs.map((ms) => ms / factor),
        lengthMs: arrivals.lengthMs / factor,
      };
  }
}

function constant(periodUs: number, durationUs: number, random: Random): number[] {
  if (!Number.isFinite(periodUs)) return [];
  const phaseUs = random.float() * periodUs;
  const instants: number[] = [];
  // Multiplied rather than summed, so that rounding errors do not accumulate.
  for (let atUs = phaseUs, i = 1; atUs < durationUs; atUs = phaseUs + i++ * periodUs) instants.push(Math.floor(atUs));
  return instants;
}

function poisson(meanGapUs: number, durationUs: number, random: Random): number[] {
  if (!Number.isFinite(meanGapUs)) return [];
  const instants: number[] = [];
  for (let atUs = random.exponential(meanGapUs); atUs < durationUs; atUs += random.exponential(meanGapUs)) {
    instants.push(Math.floor(atUs));
  }
  return instants;
}

function bursts(
  { perSecond, size, gapMs }: Extract<Arrivals, { kind: 'bursts' }>,
  durationUs: number,
  random: Random,
): number[] {
  const gapUs = gapMs * 1000;
  const reachUs = Math.ceil((size - 1) * gapUs);
  return poisson(1e6 / perSecond, durationUs + reachUs, random)
    .flatMap((startUs) => Array.from({ length: size }, (_, i) => Math.floor(startUs - reachUs + i * gapUs)))
    .filter((atUs) => atUs >= 0 && atUs < durationUs)
    .sort((a, b) => a - b);
}

/** The instants of a trace, repeated from its start until the time is over. */
export function traceInstantsUs({ instantsMs, lengthMs }: Trace, durationUs: number): number[] {
  if (instantsMs.length === 0) return [];
  return Array.from({ length: Math.ceil(durationUs / (lengthMs * 1000)) }, (_, round) =>
    instantsMs.map((ms) => Math.round((round * lengthMs + ms) * 1000)),
  )
    .flat()
    .filter((atUs) => atUs < durationUs)
    .sort((a, b) => a - b);
}
