import { mean, sampleVariance } from 'simple-statistics';
import { pooledRatios } from '../../analysis/statistics/pooled-ratios.ts';
import { shaffer } from '../../analysis/statistics/shaffer.ts';
import { holm, pairedRatio, significance, twoSidedP } from '../../analysis/statistics/statistics.ts';
import { randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import {
  type Claim,
  decisive,
  type Scatter,
  scatteredBlocks,
  scatters,
  seenCosts,
  type Tally,
  tally,
} from '../synthetic/scattered-blocks.ts';
import type { Evidence, Finding } from './evidence.ts';

/** Families drawn for each kind of scatter and costs. */
const families = 6_000;
/** Three standard errors of a share of 5%: the largest of several such shares may be off by as much. */
const simulationError = 3 * Math.sqrt((0.05 * 0.95) / families);
/** For tests that verdicts do not use, and that are here for comparison. */
const familiesOfOthers = 3_000;

/**
 * The largest shares of families that may claim too much, by how many are compared. Of three, the two that are alike
 * are soon the only ones left to test, and then nothing makes up for their wider scatter.
 */
type Limits = { readonly none: number; readonly some: number; readonly far: number };
const limits: Readonly<Record<number, Limits>> = {
  2: { none: 0.05, some: 0.05, far: 0.05 },
  3: { none: 0.06, some: 0.1, far: 0.1 },
  4: { none: 0.05, some: 0.07, far: 0.1 },
};
/** The least share of the pairs of four transports to be decided, by blocks. */
const leastDecided: Readonly<Record<number, number>> = { 3: 0.77, 4: 0.9, 5: 0.95 };

/**
 * Groups of transports that cost the same, for two to four of them; those of the widest scatter come first. They
 * matter: once all others are decided, the last two that are equal are judged by themselves.
 */
const groupings: Readonly<Record<number, readonly (readonly number[])[]>> = {
  2: [],
  3: [
    [0, 0, 1],
    [1, 0, 0],
  ],
  4: [
    [0, 0, 0, 1],
    [1, 0, 0, 0],
    [0, 0, 1, 1],
    [0, 1, 0, 1],
    [0, 0, 1, 2],
    [1, 2, 0, 0],
  ],
};

/** So far apart that every draw decides it. */
const farApart = 10;

export const cpuDecidedEvidence: Evidence = {
  summary: 'simulated server CPU: how often verdicts claim a difference that is not there, and how many they decide',
  measure: async (say) =>
    [4, 3, 2].flatMap((transports) =>
      [3, 4, 5].map((blocks) => {
        const finding = findingFor(transports, blocks);
        say(`${finding.claim}: ${finding.found}`);
        return finding;
      }),
    ),
};

function findingFor(transports: number, blocks: number): Finding {
  const groups = groupings[transports]!;
  const costsAt = (factor: number) => groups.map((each) => each.map((group) => factor ** group));
  const none = worst(blocks, [Array.from({ length: transports }, () => 1)], families, pooledClaims);
  const some = worst(blocks, costsAt(decisive), families, pooledClaims);
  const far = worst(blocks, costsAt(farApart), families, pooledClaims);
  const pooledAlone = worst(blocks, costsAt(decisive), familiesOfOthers, pooledAloneClaims);
  const costs = costsSeen(transports);
  const now = decidedOf(blocks, costs, families, pooledClaims);
  const before = decidedOf(blocks, costs, familiesOfOthers, pairedClaims);
  const most = limits[transports]!;
  const percent = (value: number) => `${(100 * value).toFixed(1)}%`;
  const asked = [
    `${percent(most.none)} where none differ`,
    ...(groups.length > 0
      ? [`${percent(most.some)} where some do by ${decisive}, ${percent(most.far)} by ${farApart}`]
      : []),
  ];
  const seen = [
    `${percent(none.wrong)} (${none.scatter})`,
    ...(groups.length > 0 ? [`${percent(some.wrong)} (${some.scatter}), ${percent(far.wrong)} (${far.scatter})`] : []),
  ];
  const others = [
    `${percent(before)} by the paired t with Holm over all questions`,
    ...(groups.length > 0 ? [`a t of the pooled scatter alone claims too much in ${percent(pooledAlone.wrong)}`] : []),
  ];
  return {
    claim: `${transports} transports, ${blocks} blocks: of families claim too much at most ${asked.join(', ')}, within the error of the simulation`,
    found: `${seen.join(', ')}; decided of the pairs from ${decisive} on: ${percent(now)}; ${others.join('; ')}`,
    holds:
      none.wrong <= most.none + simulationError &&
      some.wrong <= most.some + simulationError &&
      far.wrong <= most.far + simulationError &&
      (transports < 4 || now >= leastDecided[blocks]!),
    figures: {
      transports,
      blocks,
      noneDifferWrongShare: none.wrong,
      ...(groups.length > 0 && {
        someDifferWrongShare: some.wrong,
        farApartWrongShare: far.wrong,
        pooledAloneWrongShare: pooledAlone.wrong,
      }),
      decidedShare: now,
      decidedBeforeShare: before,
    },
  };
}

type Test = (readings: readonly (readonly number[])[]) => readonly Claim[];

type Worst = { readonly wrong: number; readonly scatter: string };

/** The largest share of families that claim too much, over all kinds of scatter and all costs. */
function worst(blocks: number, costs: readonly (readonly number[])[], count: number, test: Test): Worst {
  const found = scatters.flatMap((scatter) =>
    costs.map((each) => ({ wrong: shareOf(draws(blocks, scatter, [each], count, test)), scatter: scatter.name })),
  );
  return found.reduce((a, b) => (b.wrong > a.wrong ? b : a), { wrong: 0, scatter: '' });
}

function shareOf({ wrong, families: all }: Tally): number {
  return wrong / all;
}

/** The share of pairs decided that should be, over every kind of scatter. */
function decidedOf(blocks: number, costs: readonly (readonly number[])[], count: number, test: Test): number {
  const tallies = scatters.map((scatter) => draws(blocks, scatter, costs, count, test));
  const sum = (name: 'decided' | 'pairs') => tallies.reduce((total, each) => total + each[name], 0);
  return sum('decided') / sum('pairs');
}

function draws(
  blocks: number,
  scatter: Scatter,
  costs: readonly (readonly number[])[],
  count: number,
  test: Test,
): Tally {
  const random = randomFrom(seedFrom('cpu-decided', blocks, scatter.name, JSON.stringify(costs)));
  return tally(
    count,
    (index) => costs[index % costs.length]!,
    (each) => scatteredBlocks(random, each, blocks, scatter),
    test,
  );
}

/** The costs of the stored runs, of every choice of so many transports. */
function costsSeen(transports: number): readonly (readonly number[])[] {
  return seenCosts.flatMap((costs) => choices(costs, transports));
}

function choices<T>(list: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return list.flatMap((first, place) => choices(list.slice(place + 1), count - 1).map((rest) => [first, ...rest]));
}

/** What verdicts claim. */
function pooledClaims(readings: readonly (readonly number[])[]): readonly Claim[] {
  return (pooledRatios(readings) ?? []).map(({ over, under, estimate, adjustedP }) => ({
    over,
    under,
    ratio: estimate.ratio,
    isClaimed: adjustedP <= significance,
  }));
}

/**
 * What they claimed before: a paired t for each pair, Holm over those against the first transport and over the others,
 * in each family together with bytes, which were decided, and latency, of which many were not.
 */
function pairedClaims(readings: readonly (readonly number[])[]): readonly Claim[] {
  const pairs = choices([...readings.keys()], 2).map(([under, over]) => {
    const ratios = readings[over!]!.map((value, block) => value / readings[under!]![block]!);
    return { under: under!, over: over!, estimate: pairedRatio(ratios)! };
  });
  return [pairs.filter(({ under }) => under === 0), pairs.filter(({ under }) => under !== 0)].flatMap((family) => {
    const adjusted = holm([...family.map(({ estimate }) => estimate.pValue), ...family.map(() => 1)]);
    return family.map(({ under, over, estimate }, place) => ({
      under,
      over,
      ratio: estimate.ratio,
      isClaimed: adjusted[place]! <= significance,
    }));
  });
}

/** A t of the pooled scatter alone, which is wrong where a pair scatters more than the others. */
function pooledAloneClaims(readings: readonly (readonly number[])[]): readonly Claim[] {
  const [transports, blocks] = [readings.length, readings[0]!.length];
  const pairs = choices([...readings.keys()], 2).map(([under, over]) => ({ under: under!, over: over! }));
  const differences = pairs.map(({ under, over }) =>
    readings[over]!.map((value, block) => Math.log(value / readings[under]![block]!)),
  );
  // The residual mean square of k transports is the mean variance of a difference of two, halved.
  const variance = mean(differences.map((each) => sampleVariance(each)));
  const pValues = differences.map((each) =>
    twoSidedP(Math.abs(mean(each)), Math.sqrt(variance / blocks), (transports - 1) * (blocks - 1)),
  );
  const adjusted = shaffer(pValues, transports);
  return pairs.map((pair, place) => ({
    ...pair,
    ratio: Math.exp(mean(differences[place]!)),
    isClaimed: adjusted[place]! <= significance,
  }));
}
