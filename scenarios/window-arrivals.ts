import { traceInstantsUs } from './arrivals.ts';
import type { Random } from './random.ts';
import type { Arrivals, Trace } from './scenario.ts';

/** An instant of one of several streams, in whole microseconds from the start of the window. */
export type Arrival = { readonly atUs: number; readonly stream: number };

type Constant = Extract<Arrivals, { kind: 'constant' }>;
type Bursts = Extract<Arrivals, { kind: 'bursts' }>;

/**
 * The arrivals of `streams` streams (0 … streams − 1) in a measured window, sorted, in [0, durationUs). Each stream has
 * these arrivals; together they are as many as `countInWindow` says, whatever the random numbers. So two windows differ
 * in when and where something happens and not in how much.
 *
 * Each kind is its usual process, conditional on its total over all streams:
 *
 * - `poisson`: instants are independent and uniform, and each falls to a random stream. A stream by itself has a random
 *   number, binomial, which for many streams is nearly that of a Poisson process.
 * - `bursts`: the same for their starts. What of a burst lies beyond the end of the window stands at its beginning, for
 *   the rest of a burst that began before: so the window is stationary, and the number of instants is fixed too.
 * - `constant`: some random streams have one instant more than the others where the window is no whole number of
 *   periods. The phase is uniform among those that give this number.
 * - `trace` is the same in every stream, without randomness.
 */
export function arrivalsInWindow(
  arrivals: Arrivals,
  streams: number,
  durationUs: number,
  random: Random,
): readonly Arrival[] {
  switch (arrivals.kind) {
    case 'poisson':
      return uniform(roundedTotal(arrivals, streams, durationUs), streams, durationUs, random);
    case 'bursts':
      return bursts(arrivals, streams, durationUs, random);
    case 'constant':
      return constant(arrivals, streams, durationUs, random);
    case 'trace':
      return replayed(arrivals, streams, durationUs);
  }
}

/**
 * How many arrivals a window has over all streams: what the rate lets expect, rounded; the number of a trace as it is.
 * Of bursts the number of bursts is rounded.
 */
export function countInWindow(arrivals: Arrivals, streams: number, durationUs: number): number {
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
      return roundedTotal(arrivals, streams, durationUs);
    case 'bursts':
      return roundedTotal(arrivals, streams, durationUs) * arrivals.size;
    case 'trace':
      return traceInstantsUs(arrivals, durationUs).length * streams;
  }
}

/**
 * From which length on a window has an arrival, in milliseconds. A window of just this length has one, unless a trace
 * has its first instant there.
 */
export function leastWindowMs(arrivals: Arrivals, streams: number): number {
  if (arrivals.kind === 'trace') return arrivals.instantsMs[0] ?? Number.POSITIVE_INFINITY;
  return 500 / (arrivals.perSecond * streams);
}

/** What the rate lets expect in one stream: instants, or bursts. */
function expected(perSecond: number, durationUs: number): number {
  return (perSecond * durationUs) / 1e6;
}

function roundedTotal({ perSecond }: { readonly perSecond: number }, streams: number, durationUs: number): number {
  return Math.round(expected(perSecond, durationUs) * streams);
}

/** Independent uniform instants, each in a random stream. */
function uniform(count: number, streams: number, durationUs: number, random: Random): readonly Arrival[] {
  const instantsUs = Float64Array.from({ length: count }, () => Math.floor(random.float() * durationUs)).sort();
  return Array.from(instantsUs, (atUs) => ({ atUs, stream: random.integer(streams) }));
}

function bursts(given: Bursts, streams: number, durationUs: number, random: Random): readonly Arrival[] {
  const { size, gapMs } = given;
  const lengthUs = Math.ceil(durationUs);
  const starts = uniform(roundedTotal(given, streams, durationUs), streams, durationUs, random);
  return sorted(
    starts.flatMap(({ atUs, stream }) =>
      Array.from({ length: size }, (_, i) => ({ atUs: Math.floor(atUs + i * gapMs * 1000) % lengthUs, stream })),
    ),
  );
}

function constant(given: Constant, streams: number, durationUs: number, random: Random): readonly Arrival[] {
  const periods = expected(given.perSecond, durationUs);
  const whole = Math.floor(periods);
  const rest = periods - whole;
  const longer = chosen(roundedTotal(given, streams, durationUs) - whole * streams, streams, random);
  return sorted(
    Array.from({ length: streams }, (_, stream) => {
      const isLonger = longer.has(stream);
      // Only a phase within the rest leaves room for one more, and only one beyond it does not.
      const phase = isLonger ? random.float() * rest : rest + random.float() * (1 - rest);
      return Array.from({ length: whole + (isLonger ? 1 : 0) }, (_, i) => {
        const atUs = Math.floor(((phase + i) / given.perSecond) * 1e6);
        return { atUs: Math.min(atUs, Math.ceil(durationUs) - 1), stream };
      });
    }).flat(),
  );
}

/** Some of the streams, all choices equally likely (Floyd's algorithm). */
function chosen(count: number, streams: number, random: Random): ReadonlySet<number> {
  const some = new Set<number>();
  for (let last = streams - count; last < streams; last++) {
    const candidate = random.integer(last + 1);
    some.add(some.has(candidate) ? last : candidate);
  }
  return some;
}

function replayed(trace: Trace, streams: number, durationUs: number): readonly Arrival[] {
  return traceInstantsUs(trace, durationUs).flatMap((atUs) =>
    Array.from({ length: streams }, (_, stream) => ({ atUs, stream })),
  );
}

function sorted(arrivals: Arrival[]): readonly Arrival[] {
  return arrivals.sort((a, b) => a.atUs - b.atUs || a.stream - b.stream);
}
