import { type Transport, transportTitles } from '../../protocol/transport.ts';
import {
  areEqual,
  type Comparison,
  comparisonOf,
  notRuledOut,
  outcomesAmong,
  undefeated,
} from '../comparison/comparison.ts';
import { isOrdered } from '../comparison/outcome.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import type { BytePlace } from '../figures/byte-place.ts';
import { type Question, questions, wordsOf } from '../figures/question.ts';
import { equalIn, equalWithin, nameWithin, plainRatio, sizes } from './verdict.ts';

type Judged = Pick<ScenarioAnalysis, 'comparisons' | 'transports' | 'place'>;

export type Headline = {
  readonly sentence: string;
  /** Transports without a judged comparison: too few valid repeats. */
  readonly unjudged: readonly Transport[];
};

/**
 * The answer to one question of a scenario in one sentence: the best transport, by how much against the reference, with
 * the 95% interval; or that they are equal, or that it cannot be told. `undefined` if no pair has enough valid repeats.
 */
export function headlineOf(
  { comparisons, transports, place }: Judged,
  question: Question,
  reference: Transport,
): Headline | undefined {
  const all = transports.map(({ transport }) => transport);
  const known = all.filter((transport) => isKnown(comparisons, question, transport));
  if (known.length < 2) return undefined;
  const best = undefeated(comparisons, question, known);
  const open = notRuledOut(comparisons, question, known);
  return {
    sentence: `${answer(comparisons, question, reference, { known, best, open, place })}.`,
    unjudged: all.filter((transport) => !known.includes(transport)),
  };
}

type Standing = {
  readonly known: readonly Transport[];
  readonly best: readonly Transport[];
  /** Behind the best, but not beyond doubt. */
  readonly open: readonly Transport[];
  readonly place: BytePlace;
};

function answer(
  comparisons: readonly Comparison[],
  question: Question,
  reference: Transport,
  { known, best, open, place }: Standing,
): string {
  const phrase = wordsOf(question, place);
  const ahead = known.filter((each) => best.includes(each) || open.includes(each));
  const [first] = best;
  if (first === undefined || ahead.length === known.length) {
    return `${together(comparisons, question, known, place)}${ratiosTo(comparisons, question, known, reference)}`;
  }
  if (ahead.length === 1)
    return `${transportTitles[first]} ${phrase.least}${lead(comparisons, question, first, reference)}`;
  const by = ahead.flatMap(
    (each) => advantage(comparisonOf(comparisons, question, each, reference), nameWithin(each)) ?? [],
  );
  const than = by.length > 0 ? `: ${by.join(', ')} ${phrase.lower} than ${nameWithin(reference)}` : '';
  if (open.length > 0) {
    return `${listed(ahead.map(nameWithin), 'or', true)} ${phrase.least}, not enough repeats to tell which${than}`;
  }
  const alike = areEqual(comparisons, question, best) ? `are equal ${equalWithin(question)}` : 'cannot be told apart';
  return `${listed(best.map(nameWithin), 'and', true)} ${phrase.leastOfSeveral} and ${alike}${than}`;
}

/** The sentence for transports without a best one: none is beaten, or each is beaten by another. */
function together(
  comparisons: readonly Comparison[],
  question: Question,
  known: readonly Transport[],
  place: BytePlace,
): string {
  const names = known.map(nameWithin);
  if (areEqual(comparisons, question, known))
    return `${listed(names, 'and', true)} are equal ${equalIn(question, place)}`;
  const isOpen = outcomesAmong(comparisons, question, known).has('unresolved');
  const cannot = isOpen ? 'Not enough repeats to tell' : 'Cannot tell';
  return `${cannot} ${listed(names, 'and')} apart in ${wordsOf(question, place).noun}`;
}

function ratiosTo(
  comparisons: readonly Comparison[],
  question: Question,
  known: readonly Transport[],
  reference: Transport,
): string {
  const told = known
    .filter((each) => each !== reference)
    .flatMap((each) => ratioTo(comparisons, question, each, reference) ?? []);
  return told.length > 0 ? `: to ${nameWithin(reference)} the ratio is ${told.join(', ')}` : '';
}

/** By how much the best one leads: against the reference or, if it is the reference, against the next. */
function lead(comparisons: readonly Comparison[], question: Question, first: Transport, reference: Transport): string {
  const phrase = questions[question];
  if (first !== reference) {
    const by = advantage(comparisonOf(comparisons, question, first, reference));
    return by === undefined ? '' : `: ${by} ${phrase.lower} than ${nameWithin(reference)}`;
  }
  const next = nearest(comparisons, question, first);
  return next ? `: ${advantage(next)} ${phrase.lower} than ${nameWithin(next.reference)}, the next` : '';
}

/** Of all transports that `first` beats, the comparison with the one that it beats by least. */
export function nearest(
  comparisons: readonly Comparison[],
  question: Question,
  first: Transport,
  among?: readonly Transport[],
): Comparison | undefined {
  const others = among ?? [...new Set(comparisons.flatMap(({ transport, reference }) => [transport, reference]))];
  return others
    .flatMap((other) => comparisonOf(comparisons, question, first, other) ?? [])
    .filter(({ outcome }) => outcome === 'lower')
    .sort((a, b) => b.estimate!.ratio - a.estimate!.ratio)[0];
}

/** `12.8 times (12.1 to 13.5)`, preceded by `who` if given; `undefined` unless the difference is clear. */
export function advantage(comparison: Comparison | undefined, who?: string): string | undefined {
  if (!comparison?.estimate || !isOrdered(comparison)) return undefined;
  const { best, least, most } = sizes(comparison.estimate);
  return `${who === undefined ? '' : `${who} `}${best} (${least} to ${most})`;
}

function ratioTo(
  comparisons: readonly Comparison[],
  question: Question,
  transport: Transport,
  reference: Transport,
): string | undefined {
  const found = comparisonOf(comparisons, question, transport, reference);
  return found?.estimate && found.outcome !== 'too-few'
    ? `${plainRatio(found.estimate)} for ${nameWithin(transport)}`
    : undefined;
}

function isKnown(comparisons: readonly Comparison[], question: Question, transport: Transport): boolean {
  return comparisons.some(
    (each) =>
      each.question === question &&
      each.outcome !== 'too-few' &&
      (each.transport === transport || each.reference === transport),
  );
}

/** `a, b and c`; with `capital`, to begin a sentence. */
export function listed(names: readonly string[], word: 'and' | 'or', capital = false): string {
  const text = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
  return capital ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
