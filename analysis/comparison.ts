import type { Transport } from '../protocol/transport.ts';
import type { CompletedTrial } from '../results/schema.ts';
import { type FigureKey, figureOf, figures, type Measured } from './figures.ts';
import { holm, pairedRatio, type RatioEstimate, significance } from './statistics.ts';
import { trialWarnings } from './validity.ts';

/** What a reader wants decided, and the figure that decides it. These are the declared family of tests. */
export type Question = 'freshness' | 'bytes' | 'server-cpu';

export const questions: Readonly<Record<Question, FigureKey>> = {
  freshness: 'latency.p50',
  bytes: 'bytes.total',
  'server-cpu': 'cpu.server.update',
};

/** Fewer pairs of trials are shown and never judged. */
export const leastPairs = 3;

/** The ratio of one block: transport divided by reference. */
export type BlockRatio = { readonly block: number; readonly ratio: number };

export type Comparison = {
  readonly question: Question;
  readonly transport: Transport;
  readonly reference: Transport;
  readonly ratios: readonly BlockRatio[];
  /** From two pairs on. */
  readonly estimate: RatioEstimate | undefined;
  /** Holm's over all that is judged in its family; from three pairs on. */
  readonly adjustedP: number | undefined;
  readonly outcome: 'lower' | 'higher' | 'cannot-tell' | 'too-few';
};

type Pair = { readonly transport: Transport; readonly reference: Transport };

/**
 * Compares the valid trials of one scenario, paired by block.
 *
 * There are two families, each held at 5% by Holm's procedure: every transport against the reference, which is what was
 * asked; and the others among each other, so that nobody ranks them by eye.
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
  return [againstReference, among].flatMap((pairs) => judgeFamily(measured, pairs));
}

function judgeFamily(measured: readonly Measured[], pairs: readonly Pair[]): readonly Comparison[] {
  const compared = (Object.keys(questions) as Question[]).flatMap((question) =>
    pairs.map((pair) => compare(measured, question, pair)),
  );
  const judged = compared.filter(({ ratios, estimate }) => ratios.length >= leastPairs && estimate);
  const adjusted = holm(judged.map(({ estimate }) => estimate!.pValue));
  return compared.map((comparison) => withOutcome(comparison, adjusted[judged.indexOf(comparison)]));
}

type Unjudged = Omit<Comparison, 'adjustedP' | 'outcome'>;

function compare(measured: readonly Measured[], question: Question, { transport, reference }: Pair): Unjudged {
  const of = (wanted: Transport) => measured.filter(({ trial }) => trial.transport === wanted);
  return { question, transport, reference, ...pairedByBlock(of(transport), of(reference), question) };
}

/** Some trials over others of the same blocks. */
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
    // Both readings of a pair are blurred.
    2 * blurOf([...these, ...those], question),
  );
  return { ratios, estimate };
}

/** Relative error of one reading: that of its histogram, and for a latency that of the clocks it was read from. */
function blurOf(measured: readonly Measured[], question: Question): number {
  const key = questions[question];
  const clocks = measured.map((each) => {
    const ms = figureOf(key, each);
    return ms !== undefined && ms > 0 ? (each.trial.clockUncertaintyUs ?? 0) / 1000 / ms : 0;
  });
  return (figures[key].resolution ?? 0) + (question === 'freshness' ? Math.max(0, ...clocks) : 0);
}

/** The figure by block. */
function readingsOf(measured: readonly Measured[], question: Question): ReadonlyMap<number, number> {
  const readings = new Map<number, number>();
  for (const each of measured) {
    if (question === 'server-cpu' && isCold(each.trial)) continue;
    const value = figureOf(questions[question], each);
    if (value !== undefined && value > 0) readings.set(each.trial.block, value);
  }
  return readings;
}

/** A CPU figure that holds compiling is shown, but decides nothing. */
export function isCold(trial: CompletedTrial): boolean {
  return trialWarnings(trial).some(({ code }) => code === 'cold');
}

function withOutcome(comparison: Unjudged, adjustedP: number | undefined): Comparison {
  return { ...comparison, adjustedP, outcome: outcomeOf(comparison, adjustedP) };
}

function outcomeOf({ estimate }: Unjudged, adjustedP: number | undefined): Comparison['outcome'] {
  if (adjustedP === undefined || !estimate) return 'too-few';
  if (adjustedP > significance) return 'cannot-tell';
  return estimate.ratio < 1 ? 'lower' : 'higher';
}
