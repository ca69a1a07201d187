import type { Random } from '../../scenarios/random.ts';

/** How readings of server CPU scatter around what a transport costs, on logarithms. */
export type Scatter = {
  readonly name: string;
  /** Scatter of each of `count` transports relative to the others', the widest first. */
  readonly widths: (count: number) => readonly number[];
  /** One error, of variance 1. */
  readonly error: (random: Random) => number;
  /** Growth of everything from the first trial of a block to the first of the next. */
  readonly driftPerBlock: number;
};

/** Log standard deviation over all transports of the stored runs, once the means of transports and blocks are out. */
const logDeviation = 0.17;
/** The widest scatter of a transport over the narrowest. */
const widest = 3;

const even = (count: number) => Array.from({ length: count }, () => 1);
const oneWide = (count: number) => [widest, ...even(count - 1)];
const twoWide = (count: number) => [widest, widest, ...even(count)].slice(0, count);
const oneNarrow = (count: number) => [...even(count - 1).map(() => widest), 1];
const inSteps = (count: number) => even(count).map((_, place) => widest ** (1 - place / (count - 1)));

/** The scatters that are simulated: equal, up to 3:1 unequal, skewed, with outliers, over a drift. */
export const scatters: readonly Scatter[] = [
  { name: 'equal', widths: even, error: normal, driftPerBlock: 0 },
  { name: 'one 3 times as wide', widths: oneWide, error: normal, driftPerBlock: 0 },
  { name: 'two 3 times as wide', widths: twoWide, error: normal, driftPerBlock: 0 },
  { name: 'one a third as wide', widths: oneNarrow, error: normal, driftPerBlock: 0 },
  { name: 'in steps to 3:1', widths: inSteps, error: normal, driftPerBlock: 0 },
  { name: 'skewed', widths: even, error: skewed, driftPerBlock: 0 },
  { name: 'skewed, two 3 times as wide', widths: twoWide, error: skewed, driftPerBlock: 0 },
  { name: 'outliers', widths: even, error: withOutliers, driftPerBlock: 0 },
  { name: 'drift of 10% a block', widths: even, error: normal, driftPerBlock: 0.1 },
];

/**
 * Readings by transport, then block, of transports that cost `costs`. Transports come in random order within a block,
 * so a drift meets them by chance.
 */
export function scatteredBlocks(
  random: Random,
  costs: readonly number[],
  blocks: number,
  { widths, error, driftPerBlock }: Scatter,
): readonly (readonly number[])[] {
  const relative = widths(costs.length);
  const unit = logDeviation / Math.sqrt(relative.reduce((sum, width) => sum + width ** 2, 0) / relative.length);
  const readings = costs.map((): number[] => []);
  for (let block = 0; block < blocks; block++) {
    for (const [position, place] of shuffled(random, costs.length).entries()) {
      const drift = driftPerBlock * (block + position / costs.length);
      readings[place]!.push(costs[place]! * Math.exp(unit * relative[place]! * error(random) + drift));
    }
  }
  return readings;
}

function shuffled(random: Random, count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [places[last], places[other]] = [places[other]!, places[last]!];
  }
  return places;
}

/** Box and Muller. */
function normal({ float }: Random): number {
  return Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float());
}

/** Far above more often than far below, as a machine that others disturb. */
function skewed({ exponential }: Random): number {
  return exponential(1) - 1;
}

/** One reading in twenty is higher by three times the scatter of the others. */
function withOutliers(random: Random): number {
  const [outliers, distance] = [0.05, 3];
  const variance = 1 + outliers * (1 - outliers) * distance ** 2;
  return (normal(random) + (random.float() < outliers ? distance : 0)) / Math.sqrt(variance);
}

/**
 * What the transports cost relative to the cheapest, in the scenarios and paths of the stored runs that this was
 * designed on, in the order short polling, long polling, SSE, WebSocket.
 */
export const seenCosts: readonly (readonly number[])[] = [
  [3.1, 2.86, 1.69, 1],
  [8.84, 3.32, 1, 1.02],
  [1.5, 2.3, 1.93, 1],
  [1.6, 1.86, 1.26, 1],
  [1.16, 2.07, 1.02, 1],
  [1.24, 2.32, 1, 1.14],
  [2.4, 3.46, 1.09, 1],
  [4.39, 2.83, 1.61, 1],
  [4.62, 2.89, 1.53, 1],
  [3.02, 2.79, 1.31, 1],
  [4.57, 3.11, 1.8, 1],
  [3.33, 2.29, 1.58, 1],
  [3.1, 2.29, 1.33, 1],
  [2.07, 1.21, 1.29, 1],
  [3.33, 2.8, 1.54, 1],
];

/** How often a family of comparisons errs, and how often it decides, out of `families`. */
export type Tally = {
  readonly families: number;
  /** Families that claim a difference where there is none, or the wrong way round. */
  readonly wrong: number;
  /** Pairs whose true ratio is `decisive` or more, and how many of these are decided, the right way round. */
  readonly pairs: number;
  readonly decided: number;
};

/** The true ratio from which on a pair should be decided. */
export const decisive = 1.5;

/** What a test claims of one pair: `ratio` is of the two places, `isClaimed` whether it is called a difference. */
export type Claim = {
  readonly over: number;
  readonly under: number;
  readonly ratio: number;
  readonly isClaimed: boolean;
};

/** Runs a test on `families` draws; `costsOf` gives the true costs of each. */
export function tally(
  families: number,
  costsOf: (index: number) => readonly number[],
  draw: (costs: readonly number[]) => readonly (readonly number[])[],
  test: (readings: readonly (readonly number[])[]) => readonly Claim[],
): Tally {
  let [wrong, pairs, decided] = [0, 0, 0];
  for (let index = 0; index < families; index++) {
    const costs = costsOf(index);
    let isWrong = false;
    for (const { over, under, ratio, isClaimed } of test(draw(costs))) {
      const truth = Math.log(costs[over]! / costs[under]!);
      const isRight = isClaimed && Math.sign(Math.log(ratio)) === Math.sign(truth);
      if (isClaimed && !isRight) isWrong = true;
      if (Math.abs(truth) < Math.log(decisive) - 1e-9) continue;
      pairs++;
      if (isRight) decided++;
    }
    if (isWrong) wrong++;
  }
  return { families, wrong, pairs, decided };
}
