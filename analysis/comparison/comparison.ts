import type { Transport } from '../../protocol/transport.ts';
import type { Measured } from '../figures/figure.ts';
import { figureOf, figures } from '../figures/figures.ts';
import { declaredQuestions, type Question, questions } from '../figures/question.ts';
import { holm, pairedRatio, type RatioEstimate, significance } from '../statistics/statistics.ts';
import { isCold } from '../validity/validity.ts';
import { deliveredBy, withinClientWork } from './client-work.ts';

/** Families of questions, each held at 5% by itself. */
const families: readonly (readonly Question[])[] = [declaredQuestions, ['memory']];

/** With fewer pairs of trials, ratios are shown and never judged. */
export const leastPairs = 3;

/** The ratio of one block: transport divided by reference. */
export type BlockRatio = { readonly block: number; readonly ratio: number };

export type Comparison = {
  readonly question: Question;
  readonly transport: Transport;
  readonly reference: Transport;
  readonly ratios: readonly BlockRatio[];
  /** Undefined for fewer than two pairs. */
  readonly estimate: RatioEstimate | undefined;
  /** Holm's adjustment over all that is judged in its family; undefined for fewer than three pairs. */
  readonly adjustedP: number | undefined;
  readonly outcome: 'lower' | 'higher' | 'cannot-tell' | 'too-few';
  /** What a client adds to a delivery, in milliseconds, if that is why a clear difference is no verdict. */
  readonly clientWorkMs?: number;
};

type Pair = { readonly transport: Transport; readonly reference: Transport };

/**
 * Compares the valid trials of one scenario, paired by block.
 *
 * Each family of questions is tested twice, each time held at 5% by Holm's procedure: every transport against the
 * reference, which is what was asked, and the others among each other, so that readers need not rank them by eye.
 */
export function compareTransports(
  measured: readonly Measured[],
  transports: readonly Transport[],
  reference: Transport,
): readonly Comparison[] {
  const others = transports.filter((transport) => transport !== reference);
  const againstReference = others.map((transport) => ({ transport, reference }));
  const among = others.flatMap((earlier, index) =>
    others.slice(index + 1).map((later) => ({ transport: later, reference: earlier })),
  );
  return [againstReference, among]
    .flatMap((pairs) => families.flatMap((family) => judge(family, measured, pairs)))
    .map((comparison) => beyondClientWork(comparison, measured));
}

/** No verdict on a difference in freshness that the clients themselves may have made. */
function beyondClientWork(comparison: Comparison, measured: readonly Measured[]): Comparison {
  const { question, transport, reference, outcome } = comparison;
  if (question !== 'freshness' || (outcome !== 'lower' && outcome !== 'higher')) return comparison;
  const clientWorkMs = withinClientWork(deliveredBy(measured, transport), deliveredBy(measured, reference));
  return clientWorkMs === undefined ? comparison : { ...comparison, outcome: 'cannot-tell', clientWorkMs };
}

function judge(
  family: readonly Question[],
  measured: readonly Measured[],
  pairs: readonly Pair[],
): readonly Comparison[] {
  const compared = family.flatMap((question) => pairs.map((pair) => compare(measured, question, pair)));
  const judged = compared.filter(({ ratios, estimate }) => ratios.length >= leastPairs && estimate);
  const adjusted = holm(judged.map(({ estimate }) => estimate!.pValue));
  return compared.map((comparison) => withOutcome(comparison, adjusted[judged.indexOf(comparison)]));
}

type Unjudged = Omit<Comparison, 'adjustedP' | 'outcome'>;

function compare(measured: readonly Measured[], question: Question, { transport, reference }: Pair): Unjudged {
  const of = (wanted: Transport) => measured.filter(({ trial }) => trial.transport === wanted);
  return { question, transport, reference, ...pairedByBlock(of(transport), of(reference), question) };
}

/** Ratios of some trials to others of the same blocks, with an estimate from two blocks on. */
export function pairedByBlock(
  these: readonly Measured[],
  those: readonly Measured[],
  question: Question,
): Pick<Comparison, 'ratios' | 'estimate'> {
  const against = readingsOf(those, question);
  const ratios = [...readingsOf(these, question)]
    .filter(([block]) => against.has(block))
    .map(([block, value]) => ({ block, ratio: value / against.get(block)! }))
    .sort((a, b) => a.block - b.block);
  const estimate = pairedRatio(
    ratios.map(({ ratio }) => ratio),
    // Both readings of a pair have this error.
    2 * blurOf([...these, ...those], question),
  );
  return { ratios, estimate };
}

/** Relative error of one reading: that of its histogram and, for a latency, that of the clocks. */
function blurOf(measured: readonly Measured[], question: Question): number {
  const key = questions[question].figure;
  const clocks = measured.map((each) => {
    const ms = figureOf(key, each);
    return ms !== undefined && ms > 0 ? (each.trial.clockUncertaintyUs ?? 0) / 1000 / ms : 0;
  });
  return (figures[key].resolution ?? 0) + (question === 'freshness' ? Math.max(0, ...clocks) : 0);
}

/** The figure by block. Only positive readings have a ratio; CPU of cold trials is left out. */
function readingsOf(measured: readonly Measured[], question: Question): ReadonlyMap<number, number> {
  const readings = new Map<number, number>();
  for (const each of measured) {
    if (question === 'server-cpu' && isCold(each.trial)) continue;
    const value = figureOf(questions[question].figure, each);
    if (value !== undefined && value > 0) readings.set(each.trial.block, value);
  }
  return readings;
}

function withOutcome(comparison: Unjudged, adjustedP: number | undefined): Comparison {
  return { ...comparison, adjustedP, outcome: outcomeOf(comparison, adjustedP) };
}

/** The outcome of a ratio whose p-value was adjusted within its family. */
export function outcomeOf(
  { estimate }: Pick<Comparison, 'estimate'>,
  adjustedP: number | undefined,
): Comparison['outcome'] {
  if (adjustedP === undefined || !estimate) return 'too-few';
  if (adjustedP > significance) return 'cannot-tell';
  return estimate.ratio < 1 ? 'lower' : 'higher';
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

const otherWay = { lower: 'higher', higher: 'lower', 'cannot-tell': 'cannot-tell', 'too-few': 'too-few' } as const;

function inverse(comparison: Comparison): Comparison {
  const { transport, reference, ratios, estimate, outcome } = comparison;
  return {
    ...comparison,
    transport: reference,
    reference: transport,
    ratios: ratios.map(({ block, ratio }) => ({ block, ratio: 1 / ratio })),
    estimate: estimate && {
      ...estimate,
      ratio: 1 / estimate.ratio,
      low: 1 / estimate.high,
      high: 1 / estimate.low,
    },
    outcome: otherWay[outcome],
  };
}

/**
 * The transports that no other one beats in a question (less is better). Transports without any judged comparison are
 * left out. No two of the result can be told apart.
 */
export function undefeated(
  comparisons: readonly Comparison[],
  question: Question,
  transports: readonly Transport[],
): readonly Transport[] {
  const against = (transport: Transport) =>
    transports.flatMap((other) => comparisonOf(comparisons, question, transport, other)?.outcome ?? []);
  return transports.filter((transport) => {
    const outcomes = against(transport).filter((outcome) => outcome !== 'too-few');
    return outcomes.length > 0 && !outcomes.includes('higher');
  });
}
