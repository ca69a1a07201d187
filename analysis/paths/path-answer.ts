import type { Transport } from '../../protocol/transport.ts';
import { type Comparison, comparisonOf } from '../comparison/comparison.ts';
import { isOrdered } from '../comparison/outcome.ts';
import { comparisonsOver, type ScenarioAnalysis } from '../comparison/run-analysis.ts';
import type { BytePlace } from '../figures/byte-place.ts';
import { type DeclaredQuestion, declaredQuestions, questions } from '../figures/question.ts';

/**
 * How a path changes the order of two transports: `reversed`; `blurred` if they are equal here, or can no longer be
 * told apart; `parted` if they can be told apart only here; `unsure` if one of the two paths has not enough repeats to
 * tell.
 */
export type PathShift = {
  readonly route: string;
  readonly kind: 'reversed' | 'blurred' | 'parted' | 'unsure';
  /** The same two transports in the same direction, over the main path and over this one. */
  readonly before: Comparison;
  readonly now: Comparison;
};

/** Whether the answer to one question depends on the path. */
export type PathAnswer = {
  readonly question: DeclaredQuestion;
  /** Where the bytes were counted. */
  readonly place: BytePlace;
  /**
   * `shifted`: no order is reversed, but not all paths tell the same transports apart. `equal`: all transports are
   * equal on every path. `no-order`: no two transports can be told apart on any path, so there is no order to keep or
   * change; `unsure`: nor are any, for want of repeats.
   */
  readonly outcome: 'same' | 'reversed' | 'shifted' | 'equal' | 'no-order' | 'unsure' | 'too-few';
  readonly shifts: readonly PathShift[];
  /** Whether there were further shifts, all of transports that differ by too little to matter. */
  readonly hasSmallShifts: boolean;
  /** Paths on which every two transports could be judged; includes the main path. */
  readonly judged: readonly string[];
  readonly unjudged: readonly string[];
  /** From the least to the most; undefined unless every two can be told apart over the main path. */
  readonly order: readonly Transport[] | undefined;
};

/**
 * For each question, whether the transports come in the same order over every path of a scenario. On each path they are
 * compared as in the verdicts, so "the same" means that the same pairs can be told apart, in the same direction.
 */
export function pathAnswers(scenario: ScenarioAnalysis, reference: Transport): readonly PathAnswer[] {
  const [main, ...others] = scenario.paths.map(({ route, transports }) => ({
    route,
    comparisons: comparisonsOver(scenario, transports, reference),
  }));
  if (!main) return [];
  const names = scenario.transports.map(({ transport }) => transport);
  return declaredQuestions.map((question) => ({ place: scenario.place, ...answer(question, names, main, others) }));
}

type Compared = { readonly route: string; readonly comparisons: readonly Comparison[] };
type Pair = { readonly route: string; readonly before: Comparison; readonly now: Comparison };

function answer(
  question: DeclaredQuestion,
  names: readonly Transport[],
  main: Compared,
  others: readonly Compared[],
): Omit<PathAnswer, 'place'> {
  const pairs = others.flatMap((other) => pairsOf(question, names, main, other));
  const isUnknown = ({ before, now }: Pair) => before.outcome === 'too-few' || now.outcome === 'too-few';
  const unjudged = others
    .map(({ route }) => route)
    .filter(
      (route) => !pairs.some((pair) => pair.route === route) || pairs.some((p) => p.route === route && isUnknown(p)),
    );
  const known = pairs.filter((pair) => !isUnknown(pair));
  const all = known.flatMap(shiftOf);
  const shifts = all.filter(matters);
  const outcome = known.length === 0 ? 'too-few' : outcomeOf(known, shifts);
  const judged = [main, ...others].map(({ route }) => route).filter((route) => !unjudged.includes(route));
  const hasSmallShifts = shifts.length < all.length;
  return { question, outcome, shifts, hasSmallShifts, judged, unjudged, order: orderOf(question, names, main) };
}

function outcomeOf(known: readonly Pair[], shifts: readonly PathShift[]): PathAnswer['outcome'] {
  if (shifts.some(({ kind }) => kind === 'reversed')) return 'reversed';
  if (shifts.length > 0) return 'shifted';
  // Without shifts, a pair without an order over the main path has none anywhere.
  if (known.some(({ before }) => isOrdered(before))) return 'same';
  const outcomes = new Set(known.flatMap(({ before, now }) => [before.outcome, now.outcome]));
  if (outcomes.has('unresolved')) return 'unsure';
  return outcomes.size === 1 && outcomes.has('equal') ? 'equal' : 'no-order';
}

/** Whether the two transports clearly differ, by a difference that counts, on at least one of the two paths. */
function matters({ before, now }: PathShift): boolean {
  const { leastDifference } = questions[before.question];
  return [before, now]
    .filter(isOrdered)
    .some(({ estimate }) => estimate && Math.max(estimate.ratio, 1 / estimate.ratio) >= 1 + leastDifference);
}

function pairsOf(
  question: DeclaredQuestion,
  names: readonly Transport[],
  main: Compared,
  other: Compared,
): readonly Pair[] {
  return names.flatMap((second, place) =>
    names.slice(0, place).flatMap((first) => {
      const before = comparisonOf(main.comparisons, question, second, first);
      const now = comparisonOf(other.comparisons, question, second, first);
      return before && now ? [{ route: other.route, before, now }] : [];
    }),
  );
}

function shiftOf(pair: Pair): readonly PathShift[] {
  const { before, now } = pair;
  if (before.outcome === now.outcome || !(isOrdered(before) || isOrdered(now))) return [];
  if (isOrdered(before) && isOrdered(now)) return [{ ...pair, kind: 'reversed' }];
  if (before.outcome === 'unresolved' || now.outcome === 'unresolved') return [{ ...pair, kind: 'unsure' }];
  return [{ ...pair, kind: isOrdered(now) ? 'parted' : 'blurred' }];
}

/** Sorted by how many others each has more than; these counts are all different if every pair is clear. */
function orderOf(
  question: DeclaredQuestion,
  names: readonly Transport[],
  { comparisons }: Compared,
): readonly Transport[] | undefined {
  const above = names.map((name) => {
    const outcomes = names
      .filter((other) => other !== name)
      .map((other) => comparisonOf(comparisons, question, name, other)?.outcome);
    const clear = outcomes.every((outcome) => outcome !== undefined && isOrdered({ outcome }));
    return { name, clear, beaten: outcomes.filter((outcome) => outcome === 'higher').length };
  });
  if (!above.every(({ clear }) => clear)) return undefined;
  return above.sort((a, b) => a.beaten - b.beaten).map(({ name }) => name);
}
