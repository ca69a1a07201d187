import type { LoadClass, WindowResult } from './classification.ts';

/**
 * A search for the largest load that keeps to a goal, on a grid of loads with equal factors between them. Pure: it says
 * what to measure next, from what has been measured.
 */
export type Search<W = WindowResult> = {
  /** See `gridOf`. */
  readonly loads: readonly number[];
  /** By all windows at a load. */
  readonly decide: Classify<W>;
  /** By the first of them alone: it finds the region in which it is worth to measure more, and must not change its mind. */
  readonly glance: Classify<W>;
};

type Classify<W> = (load: number, windows: readonly W[]) => LoadClass;

/** The windows at each place of the grid, in the order in which they were measured. */
export type Measured<W = WindowResult> = ReadonlyMap<number, readonly W[]>;

/**
 * `all-carried` and `none-carried` are what RFC 9971 calls irregular: the most that may be tried is carried, or the least is
 * not. `unfinished`: the time was over before the bounds were as close as the goal wants.
 */
export type SearchResult = {
  readonly kind: 'regular' | 'all-carried' | 'none-carried' | 'unfinished';
  /** The largest load that is carried, of those below `upper`. */
  readonly lower: number | undefined;
  /** The smallest load that is not. */
  readonly upper: number | undefined;
};

export type RoughBounds = Pick<SearchResult, 'lower' | 'upper'>;

export type NextStep =
  | { readonly kind: 'measure'; readonly place: number; readonly load: number }
  | { readonly kind: 'done'; readonly result: SearchResult };

const factor = 1.025;
/** Two steps are less than 5%: the goal's width. */
const widthSteps = 2;
/** Bounds by few windows are not worth to be closer. */
const coarseSteps = 4;
/** Loads with equal factors between them, each once. `round`: to what can be measured, such as whole clients. */
export function gridOf(least: number, most: number, round: (load: number) => number): readonly number[] {
  const steps = Math.floor(Math.log(most / least) / Math.log(factor) + 1e-9);
  return [...new Set(Array.from({ length: steps + 1 }, (_, place) => round(least * factor ** place)))];
}

/** Smaller loads come first: a larger one may leave something behind. `isOver`: no time is left to measure more. */
export function nextStep<W>(search: Search<W>, measured: Measured<W>, isOver = false): NextStep {
  const last = search.loads.length - 1;
  const rough = boundsBy(search.glance, search, measured);
  const bounds = boundsBy(search.decide, search, measured);
  const place = isOver ? undefined : (coarsePlace(rough, search.loads) ?? finalPlace(bounds, rough, last));
  if (place !== undefined) return { kind: 'measure', place, load: search.loads[place]! };
  return { kind: 'done', result: resultOf(search.loads, bounds) };
}

/** What is known after these windows. */
export function resultBy<W>(search: Search<W>, measured: Measured<W>): SearchResult {
  return resultOf(search.loads, boundsBy(search.decide, search, measured));
}

/** Bounds by a glance at each load, for a search that had no time for more. */
export function roughlyBy<W>(search: Search<W>, measured: Measured<W>): RoughBounds {
  const { lower, upper } = boundsBy(search.glance, search, measured);
  return {
    lower: lower === undefined ? undefined : search.loads[lower],
    upper: upper === undefined ? undefined : search.loads[upper],
  };
}

/** Places of bounds. `lower`: the largest below the smallest of `uppers`. */
type Bounds = {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly lowers: number;
  readonly uppers: number;
};

function boundsBy<W>(classify: Classify<W>, { loads }: Search<W>, measured: Measured<W>): Bounds {
  const placesOf = (kind: LoadClass) =>
    [...measured].filter(([place, windows]) => classify(loads[place]!, windows) === kind).map(([place]) => place);
  const [lowers, uppers] = [placesOf('lower-bound'), placesOf('upper-bound')];
  const upper = uppers.length > 0 ? Math.min(...uppers) : undefined;
  const below = lowers.filter((place) => upper === undefined || place < upper);
  return {
    lower: below.length > 0 ? Math.max(...below) : undefined,
    upper,
    lowers: below.length,
    uppers: uppers.length,
  };
}

/** By factors of two up to the first load that is not carried, then by halves; `undefined` if these bounds are close. */
function coarsePlace({ lower, upper }: Bounds, loads: readonly number[]): number | undefined {
  const last = loads.length - 1;
  if (lower === undefined) return upper === 0 ? undefined : 0;
  if (upper === undefined) return lower === last ? undefined : doubled(loads, lower);
  return upper - lower > coarseSteps ? Math.floor((lower + upper) / 2) : undefined;
}

/** The last place whose load is not more than twice as much, further up at least. */
function doubled(loads: readonly number[], place: number): number {
  // Steps of a grid are not quite whole factors of two.
  const beyond = loads.findIndex((load) => load > 2.02 * loads[place]!);
  return beyond < 0 ? loads.length - 1 : Math.max(place + 1, beyond - 1);
}

/** From the coarse bound, by growing steps, until both bounds are known, then by halves; `undefined` if they are close. */
function finalPlace({ lower, upper, lowers, uppers }: Bounds, rough: Bounds, last: number): number | undefined {
  if (lower === undefined && upper === undefined) return rough.lower ?? 0;
  if (upper === undefined) return lower === last ? undefined : Math.min(last, lower! + widthSteps * 2 ** (lowers - 1));
  if (lower === undefined) return upper === 0 ? undefined : Math.max(0, upper - widthSteps * 2 ** (uppers - 1));
  return upper - lower > widthSteps ? Math.floor((lower + upper) / 2) : undefined;
}

function resultOf(loads: readonly number[], { lower, upper }: Bounds): SearchResult {
  const load = (place: number | undefined) => (place === undefined ? undefined : loads[place]);
  const bounds = { lower: load(lower), upper: load(upper) };
  if (upper === 0) return { kind: 'none-carried', ...bounds };
  if (upper === undefined && lower === loads.length - 1) return { kind: 'all-carried', ...bounds };
  const isClose = upper !== undefined && lower !== undefined && upper - lower <= widthSteps;
  return { kind: isClose ? 'regular' : 'unfinished', ...bounds };
}
