import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { formatNumber, formatValue } from '../figures/format.ts';
import { type Question, questionNames, questions } from '../figures/question.ts';
import type { RatioEstimate } from '../statistics/statistics.ts';

/** From this factor on a difference is stated in "times", below in percent. */
const leastFactor = 1.5;

/** The comparisons that answer one question of a scenario. */
export type Answer = {
  readonly question: Question;
  readonly againstReference: readonly Comparison[];
  readonly among: readonly Comparison[];
};

/** The judged comparisons by question, without questions that have none. */
export function answersOf(comparisons: readonly Comparison[], reference: Transport): readonly Answer[] {
  const decided = comparisons.filter(({ outcome }) => outcome !== 'too-few');
  return questionNames
    .map((question) => ({
      question,
      againstReference: decided.filter((each) => each.question === question && each.reference === reference),
      among: decided.filter((each) => each.question === question && each.reference !== reference),
    }))
    .filter(({ againstReference, among }) => againstReference.length + among.length > 0);
}

/** Why a scenario has no verdict at all. */
export function noVerdictReason({ planned, judged }: Pick<ScenarioAnalysis, 'planned' | 'judged'>): string {
  if (planned.repeats === 1) return 'Shown once: no verdict.';
  if (!judged) return `${planned.repeats} repeats: no verdict, three are the least.`;
  return 'No verdict yet: fewer than three valid repeats to compare.';
}

/** A sentence in three pieces, so that a page can stress the size of the difference. Joined they are the sentence. */
export type Sentence = readonly [before: string, size: string, after: string];

/** One comparison as a sentence with its 95% interval. It claims no more than the data show. */
export function sentenceOf(comparison: Comparison): string {
  return sentenceParts(comparison).join('');
}

export function sentenceParts(comparison: Comparison): Sentence {
  const { question, transport, reference, estimate, outcome, ratios, clientWorkMs } = comparison;
  const { noun, verb } = questions[question];
  const other = nameWithin(reference);
  if (outcome === 'too-few' || !estimate) {
    return [
      `No verdict on ${noun} of ${other} and ${nameWithin(transport)}: ${counted(ratios.length)} to compare.`,
      '',
      '',
    ];
  }
  if (outcome === 'cannot-tell') {
    const who = `${other} and ${nameWithin(transport)}`;
    return [
      '',
      'Cannot tell',
      ` ${who} apart in ${noun}: ratio ${plainRatio(estimate)}${aside(estimate, clientWorkMs)}.`,
    ];
  }
  const { best, least, most } = sizes(estimate);
  const than = comparativeOf(question, outcome);
  return [`${transportTitles[transport]} ${verb} `, best, ` ${than} ${other} (${least} to ${most}).`];
}

/** `sooner than`, `fewer bytes than`: the words between the size of a difference and the other transport. */
function comparativeOf(question: Question, outcome: 'lower' | 'higher'): string {
  const { object, [outcome]: comparative } = questions[question];
  return [comparative, object, 'than'].filter((word) => word !== '').join(' ');
}

/** Explains why an interval that excludes 1 gives no verdict. */
function aside({ low, high }: RatioEstimate, clientWorkMs: number | undefined): string {
  if (clientWorkMs !== undefined)
    return `, no more than what a client itself adds (${formatValue(clientWorkMs, 'ms')})`;
  return low > 1 || high < 1 ? ', not clear enough among so many comparisons' : '';
}

/** A ratio to the reference with its 95% interval: `0.98 (0.83 to 1.15)`. */
export function plainRatio({ ratio, low, high }: RatioEstimate): string {
  // Near 1 all three get the same decimals, enough to show the ends of a narrow interval.
  const near = low > 0.1 && high < 10;
  const decimals = high - low < 0.05 ? 3 : 2;
  const text = (value: number) => (near ? value.toFixed(decimals) : formatNumber(value));
  return `${text(ratio)} (${text(low)} to ${text(high)})`;
}

/** The size of a difference in everyday words: `12.8 times`, or percent, with the ends of its interval. */
export function sizes({ ratio, low, high }: RatioEstimate) {
  // Inverted for "sooner" and "less", so that a larger number is always a larger difference.
  const [best, least, most] = ratio < 1 ? [1 / ratio, 1 / high, 1 / low] : [ratio, low, high];
  if (best >= leastFactor)
    return { best: `${formatNumber(best)} times`, least: formatNumber(least), most: formatNumber(most) };
  const text = (value: number, digits: number) => `${formatNumber(Math.abs(value - 1) * 100, digits)}%`;
  // One digit more where an interval is so narrow that its ends would look the same.
  const digits = text(low, 2) === text(high, 2) ? 3 : 2;
  const percent = (value: number) => text(value, digits);
  return ratio < 1
    ? { best: percent(ratio), least: percent(high), most: percent(low) }
    : { best: percent(ratio), least: percent(low), most: percent(high) };
}

/** A title inside a sentence: names keep their capital, ordinary words lose it. */
export function nameWithin(transport: Transport): string {
  const title = transportTitles[transport];
  return /^[A-Z][a-z]+ /.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;
}

function counted(pairs: number): string {
  return pairs === 0 ? 'no pair of valid repeats' : `only ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of valid repeats`;
}
