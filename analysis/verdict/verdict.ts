import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { type Comparison, leastPairs } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import type { BytePlace } from '../figures/byte-place.ts';
import { formatNumber, formatValue } from '../figures/format.ts';
import { type Question, questionNames, questions, wordsOf } from '../figures/question.ts';
import type { RatioEstimate } from '../statistics/statistics.ts';
import { curveReason, fewReason } from './gap.ts';

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
export function noVerdictReason(scenario: Pick<ScenarioAnalysis, 'planned' | 'judged' | 'transports'>): string {
  const { planned, judged, transports } = scenario;
  if (planned.repeats === 1) return 'Shown once: no verdict.';
  if (!judged) return `${planned.repeats} repeats: no verdict, three are the least.`;
  if (planned.scenario.pollCohortsMs) return `No verdict: ${curveReason}.`;
  if (transports.length < 2) return 'No verdict: only one transport was measured.';
  return `No verdict: ${fewReason(transports)}.`;
}

/** A sentence in three pieces, so that a page can stress the size of the difference. Joined they are the sentence. */
export type Sentence = readonly [before: string, size: string, after: string];

/** One comparison as a sentence with its 95% interval. It claims no more than the data show. */
export function sentenceOf(comparison: Comparison): string {
  return sentenceParts(comparison).join('');
}

export function sentenceParts(comparison: Comparison): Sentence {
  const { question, place, transport, reference, estimate, outcome, ratios } = comparison;
  const { noun, verb } = wordsOf(question, place);
  const other = nameWithin(reference);
  if (outcome === 'too-few' || !estimate) {
    return [`No verdict on ${noun} of ${other} and ${nameWithin(transport)}: ${counted(ratios.length)}.`, '', ''];
  }
  const ratio = `ratio ${plainRatio(estimate)}`;
  const both = `${other} and ${nameWithin(transport)}`;
  if (outcome === 'cannot-tell')
    return ['', 'Cannot tell', ` ${both} apart in ${noun}: ${ratio}${clientAside(comparison)}.`];
  if (outcome === 'unresolved') return ['', 'Not enough repeats', ` to tell ${both} apart in ${noun}: ${ratio}.`];
  if (outcome === 'equal') {
    const who = `${transportTitles[reference]} and ${nameWithin(transport)}`;
    return [`${who} are `, 'equal', ` ${equalIn(question, place)}: ${ratio}.`];
  }
  const { best, least, most } = sizes(estimate);
  const than = comparativeOf(comparison, outcome);
  const aside = mediansAside(comparison, estimate);
  return [`${transportTitles[transport]} ${verb} `, best, ` ${than} ${other} (${least} to ${most}${aside}).`];
}

/** From this difference on, a reader who divides the medians would wonder. */
const noticed = 1.05;

/** `; 2.60 times by the medians`, where that differs from the ratio, which is the geometric mean over blocks. */
function mediansAside({ ofMedians }: Comparison, { ratio }: RatioEstimate): string {
  if (ofMedians === undefined || Math.abs(Math.log(ofMedians / ratio)) <= Math.log(noticed)) return '';
  const { best } = sizes({ ratio: ofMedians, low: ofMedians, high: ofMedians, pValue: 1 });
  const turned = ofMedians > 1 !== ratio > 1 ? ' the other way' : '';
  return `; ${best}${turned} by the medians`;
}

/** `sooner than`, `fewer bytes than`: the words between the size of a difference and the other transport. */
function comparativeOf({ question, place }: Comparison, outcome: 'lower' | 'higher'): string {
  const { object, [outcome]: comparative } = wordsOf(question, place);
  return [comparative, object, 'than'].filter((word) => word !== '').join(' ');
}

/** Why an interval that leaves 1 out is no verdict: the clients may have made the difference. */
function clientAside({ clientWorkMs }: Comparison): string {
  if (clientWorkMs === undefined) return '';
  return `; the difference is no larger than what a client itself adds (${formatValue(clientWorkMs, 'ms')})`;
}

/** `in bytes within 1%`: what those that are equal are equal in. */
export function equalIn(question: Question, place: BytePlace): string {
  return `in ${wordsOf(question, place).noun} ${equalWithin(question)}`;
}

/** `within 1%` */
export function equalWithin(question: Question): string {
  return `within ${formatValue(questions[question].leastDifference, 'share', 1)}`;
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
  if (pairs >= leastPairs) return 'fewer than three blocks in which every compared transport has a valid repeat';
  if (pairs === 0) return 'no pair of valid repeats to compare';
  return `only ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of valid repeats to compare`;
}
