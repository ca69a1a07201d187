import { classificationOf, type SearchGoal, type WindowResult } from './classification.ts';

/**
 * A search for the largest load that keeps to a goal, on a grid of loads with equal factors between them. Pure: it says
 * what to measure next, from what has been measured.
 */
export type Search = {
  readonly least: number;
  readonly most: number;
  readonly goal: SearchGoal;
  /** By the first windows at a load alone: it finds the region in which it is worth to measure more. */
  readonly coarse: SearchGoal;
  /** Seconds of windows, all loads together, after which the search ends with what it has. */
  readonly longestSeconds: number;
};

/** The windows at each place of the grid, in the order in which they were measured. */
export type Measured = ReadonlyMap<number, readonly WindowResult[]>;

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

export type NextStep =
  | { readonly kind: 'measure'; readonly place: number; readonly load: number }
  | { readonly kind: 'done'; readonly result: SearchResult };

const factor = 1.025;
/** Two steps are less than 5%: the goal's width. */
const widthSteps = 2;
/** Bounds by few windows are not worth to be closer. */
const coarseSteps = 4;
/** A factor of two. */
const stride = Math.round(Math.log(2) / Math.log(factor));

export function loadAt({ least }: Pick<Search, 'least'>, place: number): number {
  return least * factor ** place;
}

/** Smaller loads come first: a larger one may leave something behind. */
export function nextStep(search: Search, measured: Measured): NextStep {
  const last = Math.floor(Math.log(search.most / search.least) / Math.log(factor) + 1e-9);
  const rough = boundsBy(search.coarse, firstWindows(search.coarse, measured));
  const bounds = boundsBy(search.goal, measured);
  const isOver = secondsOf([...measured.values()].flat()) >= search.longestSeconds;
  const place = isOver ? undefined : (coarsePlace(rough, last) ?? finalPlace(bounds, rough, last));
  if (place !== undefined) return { kind: 'measure', place, load: loadAt(search, place) };
  return { kind: 'done', result: resultOf(search, bounds, last) };
}

/** Places of bounds. `lower`: the largest below the smallest of `uppers`. */
type Bounds = {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly lowers: number;
  readonly uppers: number;
};

function boundsBy(goal: SearchGoal, measured: Measured): Bounds {
  const placesOf = (kind: ReturnType<typeof classificationOf>) =>
    [...measured].filter(([, windows]) => classificationOf(goal, windows) === kind).map(([place]) => place);
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

/** As many windows as decide by a goal: later ones must not change what has been decided. */
function firstWindows({ durationSumSeconds }: SearchGoal, measured: Measured): Measured {
  return new Map(
    [...measured].map(([place, windows]) => {
      const enough = windows.findIndex((_, at) => secondsOf(windows.slice(0, at + 1)) >= durationSumSeconds);
      return [place, enough < 0 ? windows : windows.slice(0, enough + 1)];
    }),
  );
}

/** By factors of two up to the first load that is not carried, then by halves; `undefined` if these bounds are close. */
function coarsePlace({ lower, upper }: Bounds, last: number): number | undefined {
  if (lower === undefined) return upper === 0 ? undefined : 0;
  if (upper === undefined) return lower === last ? undefined : Math.min(last, lower + stride);
  return upper - lower > coarseSteps ? Math.floor((lower + upper) / 2) : undefined;
}

/** From the coarse bound, by growing steps, until both bounds are known, then by halves; `undefined` if they are close. */
function finalPlace({ lower, upper, lowers, uppers }: Bounds, rough: Bounds, last: number): number | undefined {
  if (lower === undefined && upper === undefined) return rough.lower ?? 0;
  if (upper === undefined) return lower === last ? undefined : Math.min(last, lower! + widthSteps * 2 ** (lowers - 1));
  if (lower === undefined) return upper === 0 ? undefined : Math.max(0, upper - widthSteps * 2 ** (uppers - 1));
  return upper - lower > widthSteps ? Math.floor((lower + upper) / 2) : undefined;
}

function resultOf(search: Search, { lower, upper }: Bounds, last: number): SearchResult {
  const load = (place: number | undefined) => (place === undefined ? undefined : loadAt(search, place));
  const bounds = { lower: load(lower), upper: load(upper) };
  if (upper === 0) return { kind: 'none-carried', ...bounds };
  if (upper === undefined && lower === last) return { kind: 'all-carried', ...bounds };
  const isClose = upper !== undefined && lower !== undefined && upper - lower <= widthSteps;
  return { kind: isClose ? 'regular' : 'unfinished', ...bounds };
}

function secondsOf(windows: readonly WindowResult[]): number {
  return windows.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
}
