import { placeOf } from '../figures/byte-place.ts';
import type { Measured } from '../figures/figure.ts';
import { type DeclaredQuestion, declaredQuestions, figureFor, questions } from '../figures/question.ts';
import { binomialInterval } from '../statistics/binomial.ts';
import { holm, significance } from '../statistics/statistics.ts';
import { leastPairs, pairedByBlock } from './comparison.ts';

/** How often arms A and B of one transport were called different, out of how many tests. */
export type FalseDifferences = {
  readonly tests: number;
  /** Each test held at 5% alone, so about one in twenty is expected here. */
  readonly beforeHolm: number;
  /** After the correction that a report makes; server CPU of two is one test, and has none. */
  readonly afterHolm: number;
};

/** One transport against itself, so every difference found is false. */
export type SelfComparison = {
  /** Each covers the smallest number of blocks that is judged, compared like two transports. */
  readonly comparisons: number;
  readonly byQuestion: Readonly<Record<DeclaredQuestion, FalseDifferences>>;
  readonly total: FalseDifferences;
};

/** A p-value for each question; `undefined` if blocks are missing or a figure is unknown. */
type Family = Readonly<Record<DeclaredQuestion, number | undefined>>;

/**
 * Compares arms A and B, three blocks at a time in order of time, exactly as two transports are compared: paired
 * ratios, Holm over freshness and bytes, and server CPU by itself. Left-over blocks are not used.
 */
export function compareArms(measured: readonly Measured[]): SelfComparison {
  const families = groupsOfBlocks(measured).map(familyOf);
  const holms = families.map(adjusted);
  const count = (list: readonly Family[], question: DeclaredQuestion) =>
    list.filter((family) => (family[question] ?? 1) <= significance).length;
  const of = (question: DeclaredQuestion): FalseDifferences => ({
    tests: families.filter((family) => family[question] !== undefined).length,
    beforeHolm: count(families, question),
    afterHolm: count(holms, question),
  });
  const byQuestion = { freshness: of('freshness'), bytes: of('bytes'), 'server-cpu': of('server-cpu') };
  const sum = (name: keyof FalseDifferences) =>
    declaredQuestions.reduce((total, each) => total + byQuestion[each][name], 0);
  return {
    comparisons: families.length,
    byQuestion,
    total: { tests: sum('tests'), beforeHolm: sum('beforeHolm'), afterHolm: sum('afterHolm') },
  };
}

/** Blocks in which both arms are valid, three by three. */
function groupsOfBlocks(measured: readonly Measured[]): readonly (readonly Measured[])[] {
  const blocksOf = (arm: 'A' | 'B') =>
    new Set(measured.filter(({ trial }) => trial.arm === arm).map(({ trial }) => trial.block));
  const ofB = blocksOf('B');
  const blocks = [...blocksOf('A')].filter((block) => ofB.has(block)).sort((a, b) => a - b);
  return Array.from({ length: Math.floor(blocks.length / leastPairs) }, (_, group) => {
    const wanted = blocks.slice(group * leastPairs, (group + 1) * leastPairs);
    return measured.filter(({ trial }) => wanted.includes(trial.block));
  });
}

function familyOf(group: readonly Measured[]): Family {
  const arm = (name: 'A' | 'B') => group.filter(({ trial }) => trial.arm === name);
  const pValueOf = (question: DeclaredQuestion) => {
    const { ratios, estimate } = pairedByBlock(
      arm('A'),
      arm('B'),
      figureFor(question, placeOf(group.map(({ trial }) => trial))),
    );
    return ratios.length >= leastPairs ? estimate?.pValue : undefined;
  };
  return { freshness: pValueOf('freshness'), bytes: pValueOf('bytes'), 'server-cpu': pValueOf('server-cpu') };
}

function adjusted(family: Family): Family {
  const known = (['freshness', 'bytes'] as const).filter((question) => family[question] !== undefined);
  const pValues = holm(known.map((question) => family[question]!));
  const of = (question: 'freshness' | 'bytes') => pValues[known.indexOf(question)];
  return { freshness: of('freshness'), bytes: of('bytes'), 'server-cpu': family['server-cpu'] };
}

/** The result of an A/A run in sentences: one for everything together and one for each question. */
export function selfComparisonTexts({ comparisons, byQuestion, total }: SelfComparison): readonly string[] {
  if (total.tests === 0) return ['Against itself: no comparison yet, three blocks with both arms valid are the least.'];
  return [
    `Against itself in ${comparisons} ${comparisons === 1 ? 'comparison' : 'comparisons'} of three blocks: ` +
      `${rateText(total.beforeHolm, total.tests)} called different before Holm, where at most 5% is expected; ` +
      `${rateText(total.afterHolm, total.tests)} after it.`,
    ...declaredQuestions.map((question) => {
      const { tests, beforeHolm, afterHolm } = byQuestion[question];
      if (tests === 0)
        return `${capital(questions[question].noun)}: not compared${question === 'server-cpu' ? '; no CPU verdict follows from a short warm-up' : ''}.`;
      return `${capital(questions[question].noun)}: ${beforeHolm} of ${tests} before Holm, ${afterHolm} after.`;
    }),
  ];
}

function rateText(different: number, tests: number): string {
  const { low, high } = binomialInterval(different, tests);
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  return `${different} of ${tests} (${percent(different / tests)}, 95% interval ${percent(low)} to ${percent(high)})`;
}

function capital(noun: string): string {
  return noun[0]!.toUpperCase() + noun.slice(1);
}
