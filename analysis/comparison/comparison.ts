import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { BytePlace } from '../figures/byte-place.ts';
import type { Measured } from '../figures/figure.ts';
import { type FigureKey, figureOf, figures } from '../figures/figures.ts';
import { figureFor, type Question, questions } from '../figures/question.ts';
import { pooledRatios } from '../statistics/pooled-ratios.ts';
import { holm, pairedRatio, type RatioEstimate } from '../statistics/statistics.ts';
import { type CompleteBlocks, completeBlocks, readingsOf } from './block-readings.ts';
import { deliveredBy, withinClientWork } from './client-work.ts';
import { isOrdered, type Outcome, outcomeOf, turnedOutcome } from './outcome.ts';

/**
 * Questions whose ratios are paired transport by transport, in families that are each held at 5% by themselves. Server
 * CPU is none of them: see `judgeCpu`.
 */
const pairedFamilies: readonly (readonly Question[])[] = [['freshness', 'bytes'], ['memory']];

/** With fewer pairs of trials, ratios are shown and never judged. */
export const leastPairs = 3;

/** The ratio of one block: transport divided by reference. */
export type BlockRatio = { readonly block: number; readonly ratio: number };

export type Comparison = {
  readonly question: Question;
  /** Where the bytes of these trials were counted. */
  readonly place: BytePlace;
  readonly transport: Transport;
  readonly reference: Transport;
  readonly ratios: readonly BlockRatio[];
  /** Undefined for fewer than two pairs. */
  readonly estimate: RatioEstimate | undefined;
  /** The p-value adjusted for all that is judged in its family; undefined for fewer than three pairs. */
  readonly adjustedP: number | undefined;
  readonly outcome: Outcome;
  /** The ratio of the medians that tables show; undefined if one of them is unknown or 0. */
  readonly ofMedians?: number;
  /** What a client adds to a delivery, in milliseconds, if that is why a clear difference is no verdict. */
  readonly clientWorkMs?: number;
};

type Pair = { readonly transport: Transport; readonly reference: Transport };

/**
 * Compares the valid trials of one scenario, paired by block.
 *
 * Freshness and bytes are one family, memory is another; each is tested twice, each time held at 5% by Holm's
 * procedure: every transport against the reference, which is what was asked, and the others among each other, so that
 * readers need not rank them by eye. Server CPU is one family of all pairs, whatever the reference.
 */
export function compareTransports(
  measured: readonly Measured[],
  transports: readonly Transport[],
  reference: Transport,
  place: BytePlace,
): readonly Comparison[] {
  const others = transports.filter((transport) => transport !== reference);
  const againstReference = others.map((transport) => ({ transport, reference }));
  const among = others.flatMap((earlier, index) =>
    others.slice(index + 1).map((later) => ({ transport: later, reference: earlier })),
  );
  const compared = [
    ...[againstReference, among].flatMap((pairs) =>
      pairedFamilies.flatMap((family) => judge(family, measured, pairs, place)),
    ),
    ...judgeCpu(measured, transports, [...againstReference, ...among], place),
  ];
  return compared
    .map((each) => ({ ...each, ...ratioOfMedians(measured, each) }))
    .map((each) => beyondClientWork(each, measured));
}

/** No verdict on a difference in freshness that the clients themselves may have made. */
function beyondClientWork(comparison: Comparison, measured: readonly Measured[]): Comparison {
  const { question, transport, reference, outcome } = comparison;
  const isApart = isOrdered(comparison) || outcome === 'unresolved';
  if (question !== 'freshness' || !isApart) return comparison;
  const clientWorkMs = withinClientWork(deliveredBy(measured, transport), deliveredBy(measured, reference));
  return clientWorkMs === undefined ? comparison : { ...comparison, outcome: 'cannot-tell', clientWorkMs };
}

/** The ratio in a comparison is the geometric mean over blocks, so it may differ from this one. */
function ratioOfMedians(
  measured: readonly Measured[],
  { question, place, transport, reference }: Comparison,
): Pick<Comparison, 'ofMedians'> {
  const medianOf = (wanted: Transport) => {
    const values = measured
      .filter(({ trial }) => trial.transport === wanted)
      .flatMap((each) => figureOf(figureFor(question, place), each) ?? []);
    return values.length > 0 ? median(values) : 0;
  };
  const [over, under] = [medianOf(transport), medianOf(reference)];
  return over > 0 && under > 0 ? { ofMedians: over / under } : {};
}

function judge(
  family: readonly Question[],
  measured: readonly Measured[],
  pairs: readonly Pair[],
  place: BytePlace,
): readonly Comparison[] {
  const compared = family.flatMap((question) => pairs.map((pair) => compare(measured, { question, place, ...pair })));
  const judged = compared.filter(({ ratios, estimate }) => ratios.length >= leastPairs && estimate);
  const adjusted = holm(judged.map(({ estimate }) => estimate!.pValue));
  return compared.map((comparison) => withOutcome(comparison, adjusted[judged.indexOf(comparison)]));
}

/**
 * CPU scatters by some 17% from repeat to repeat, bytes and medians of latency by a few: so the scatter of CPU is
 * pooled over the transports, in blocks that are complete for all of them. A pair that is not judged keeps its own
 * ratios.
 */
function judgeCpu(
  measured: readonly Measured[],
  transports: readonly Transport[],
  pairs: readonly Pair[],
  place: BytePlace,
): readonly Comparison[] {
  const asked = { question: 'server-cpu', place } as const;
  const family = completeBlocks(measured, transports, figureFor('server-cpu', place), leastPairs);
  const judged = family ? pooledComparisons(asked, family) : [];
  return pairs.map(
    (pair) =>
      comparisonOf(judged, 'server-cpu', pair.transport, pair.reference) ??
      withOutcome(compare(measured, { ...asked, ...pair }), undefined),
  );
}

function pooledComparisons(
  asked: Pick<Comparison, 'question' | 'place'>,
  { transports, blocks, readings }: CompleteBlocks,
): readonly Comparison[] {
  return (pooledRatios(readings) ?? []).map(({ over, under, estimate, adjustedP }) => {
    const ratios = blocks.map((block, place) => ({ block, ratio: readings[over]![place]! / readings[under]![place]! }));
    return withOutcome(
      { ...asked, transport: transports[over]!, reference: transports[under]!, ratios, estimate },
      adjustedP,
    );
  });
}

type Unjudged = Omit<Comparison, 'adjustedP' | 'outcome'>;

type Asked = Pick<Comparison, 'question' | 'place' | 'transport' | 'reference'>;

function compare(measured: readonly Measured[], asked: Asked): Unjudged {
  const of = (wanted: Transport) => measured.filter(({ trial }) => trial.transport === wanted);
  const figure = figureFor(asked.question, asked.place);
  return { ...asked, ...pairedByBlock(of(asked.transport), of(asked.reference), figure) };
}

/** Ratios of some trials to others of the same blocks, with an estimate from two blocks on. */
export function pairedByBlock(
  these: readonly Measured[],
  those: readonly Measured[],
  figure: FigureKey,
): Pick<Comparison, 'ratios' | 'estimate'> {
  const against = readingsOf(those, figure);
  const ratios = [...readingsOf(these, figure)]
    .filter(([block]) => against.has(block))
    .map(([block, value]) => ({ block, ratio: value / against.get(block)! }))
    .sort((a, b) => a.block - b.block);
  const estimate = pairedRatio(
    ratios.map(({ ratio }) => ratio),
    // Both readings of a pair have this error.
    2 * blurOf([...these, ...those], figure),
  );
  return { ratios, estimate };
}

/** Relative error of one reading: that of its histogram and, for a latency, that of the clocks. */
function blurOf(measured: readonly Measured[], key: FigureKey): number {
  const clocks = measured.map((each) => {
    const ms = figureOf(key, each);
    return ms !== undefined && ms > 0 ? (each.trial.clockUncertaintyUs ?? 0) / 1000 / ms : 0;
  });
  return (figures[key].resolution ?? 0) + (figures[key].group === 'freshness' ? Math.max(0, ...clocks) : 0);
}

function withOutcome(comparison: Unjudged, adjustedP: number | undefined): Comparison {
  const { leastDifference } = questions[comparison.question];
  return { ...comparison, adjustedP, outcome: outcomeOf(comparison, adjustedP, leastDifference) };
}

/**
 * The comparison of a pair in the wanted direction, `transport` divided by `reference`; inverted if it was made the
 * other way round.
 */
export function comparisonOf(
  comparisons: readonly Comparison[],
  question: Question,
  transport: Transport,
  reference: Transport,
): Comparison | undefined {
  const ofQuestion = comparisons.filter((each) => each.question === question);
  const straight = ofQuestion.find((each) => each.transport === transport && each.reference === reference);
  if (straight) return straight;
  const turned = ofQuestion.find((each) => each.transport === reference && each.reference === transport);
  return turned && inverse(turned);
}

function inverse(comparison: Comparison): Comparison {
  const { transport, reference, ratios, estimate, outcome, ofMedians } = comparison;
  return {
    ...comparison,
    ...(ofMedians !== undefined && { ofMedians: 1 / ofMedians }),
    transport: reference,
    reference: transport,
    ratios: ratios.map(({ block, ratio }) => ({ block, ratio: 1 / ratio })),
    estimate: estimate && {
      ...estimate,
      ratio: 1 / estimate.ratio,
      low: 1 / estimate.high,
      high: 1 / estimate.low,
    },
    outcome: turnedOutcome(outcome),
  };
}

/**
 * The transports that no other one beats in a question (less is better), not even in an interval that leaves 1 out and
 * is not clear enough among so many comparisons. Every two of them are equal or cannot be told apart. Transports without any judged comparison are left out.
 */
export function undefeated(
  comparisons: readonly Comparison[],
  question: Question,
  transports: readonly Transport[],
): readonly Transport[] {
  return transports.filter((transport) => {
    const judged = judgedAgainst(comparisons, question, transport, transports);
    return judged.length > 0 && !judged.some(isBehind);
  });
}

/** The transports that are behind another one, but behind none beyond doubt: with more repeats one may be the best. */
export function notRuledOut(
  comparisons: readonly Comparison[],
  question: Question,
  transports: readonly Transport[],
): readonly Transport[] {
  return transports.filter((transport) => {
    const judged = judgedAgainst(comparisons, question, transport, transports);
    return judged.some(isBehind) && !judged.some(({ outcome }) => outcome === 'higher');
  });
}

/** The outcomes of every two of the transports; `too-few` where a pair was not compared at all. */
export function outcomesAmong(
  comparisons: readonly Comparison[],
  question: Question,
  transports: readonly Transport[],
): ReadonlySet<Outcome> {
  const pairs = transports.flatMap((later, place) =>
    transports.slice(0, place).map((earlier) => [later, earlier] as const),
  );
  return new Set(
    pairs.map(([later, earlier]) => comparisonOf(comparisons, question, later, earlier)?.outcome ?? 'too-few'),
  );
}

/** Whether every two of several transports are equal, within the smallest difference that counts. */
export function areEqual(
  comparisons: readonly Comparison[],
  question: Question,
  transports: readonly Transport[],
): boolean {
  const outcomes = outcomesAmong(comparisons, question, transports);
  return outcomes.size === 1 && outcomes.has('equal');
}

function judgedAgainst(
  comparisons: readonly Comparison[],
  question: Question,
  transport: Transport,
  transports: readonly Transport[],
): readonly Comparison[] {
  return transports
    .flatMap((other) => comparisonOf(comparisons, question, transport, other) ?? [])
    .filter(({ outcome }) => outcome !== 'too-few');
}

function isBehind({ outcome, estimate }: Comparison): boolean {
  return outcome === 'higher' || (outcome === 'unresolved' && estimate !== undefined && estimate.ratio > 1);
}
