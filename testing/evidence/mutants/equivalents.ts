import type { Change } from './mutation.ts';

/** A mutation that has no visible effect, with the proof. */
export type Equivalent = {
  /** Base name of the module, so that moving the module keeps the entry. */
  readonly file: string;
  /** The line before and after, as a survivor is printed. */
  readonly before: string;
  readonly after: string;
  readonly proof: string;
};

const settled = 'Every quantile that is promised settles within some 30 steps, long before either limit.';

export const equivalents: readonly Equivalent[] = [
  {
    file: 'student-t.ts',
    before: 'const t = within < 0.5 ? tWithin(within, degrees) : tOutside(2 * Math.min(p, 1 - p), degrees);',
    after: 'const t = within <= 0.5 ? tWithin(within, degrees) : tOutside(2 * Math.min(p, 1 - p), degrees);',
    proof: 'Where half lies within, half lies outside: both solve the same equation, and both settle there.',
  },
  { file: 'student-t.ts', before: 'const mostSteps = 200;', after: 'const mostSteps = 400;', proof: settled },
  ...['let count = 1; count < mostSteps', 'let count = 0; count <= mostSteps'].map((head) => ({
    file: 'student-t.ts',
    before: 'for (let count = 0; count < mostSteps; count++) {',
    after: `for (${head}; count++) {`,
    proof: settled,
  })),
  {
    file: 'student-t.ts',
    before: 'const lastStep = 1e-9;',
    after: 'const lastStep = 2e-9;',
    proof: 'The error after a last step of 2e-9 is about its square, 4e-18, which no double can show.',
  },
  {
    file: 'student-t.ts',
    before: 'if (Math.abs(next - value) <= lastStep * next) return next;',
    after: 'if (Math.abs(next - value) < lastStep * next) return next;',
    proof: 'A step of exactly a billionth is followed by one more, of a size that no double can show.',
  },
  {
    file: 'polling-theory.ts',
    before: 'const finds = (intervalMs: number) => polls(intervalMs) * (1 - Math.exp(-perMs * intervalMs));',
    after: 'const finds = (intervalMs: number) => polls(intervalMs) * (Math.exp(-perMs * intervalMs) - 1);',
    proof: 'The fit then finds the negative of c1, and only the product of both is used.',
  },
  {
    file: 'warning-rules.ts',
    before: `const percent = (share: number) => \`\${Number((share * 100).toPrecision(3))}%\`;`,
    after: `const percent = (share: number) => \`\${Number((share * 100).toPrecision(4))}%\`;`,
    proof: 'Every limit has at most two digits as a percentage, so three digits and four are the same number.',
  },
  {
    file: 'trend.ts',
    before:
      'const score = used.reduce((sum, values) => sum + pairsOf(values, (a, b) => Math.sign(b - a)).reduce(add, 0), 0);',
    after:
      'const score = used.reduce((sum, values) => sum + pairsOf(values, (a, b) => Math.sign(a - b)).reduce(add, 0), 0);',
    proof: 'The score is only used by its amount, which is the same when all pairs count the other way round.',
  },
  {
    file: 'trend.ts',
    before:
      'const score = used.reduce((sum, values) => sum + pairsOf(values, (a, b) => Math.sign(b - a)).reduce(add, 0), 0);',
    after:
      'const score = used.reduce((sum, values) => sum - pairsOf(values, (a, b) => Math.sign(b - a)).reduce(add, 0), 0);',
    proof: 'The score is only used by its amount, which is the same with the other sign.',
  },
  ...['let step = 1; step < 60', 'let step = 0; step <= 60', 'let step = 0; step < 120'].map((head) => ({
    file: 'binomial.ts',
    before: 'for (let step = 0; step < 60; step++) {',
    after: `for (${head}; step++) {`,
    proof: 'A double has 53 binary digits, so halving 59 times or more arrives at the same share to 1e-17.',
  })),
  {
    file: 'binomial.ts',
    before: 'let [low, high] = [0, 1];',
    after: 'let [low, high] = [0, 2];',
    proof: 'The first middle is then 1, where the function is 1 and so not below the value: what is left is 0 to 1.',
  },
  ...['x * (a + b + 2) < a + 1', 'x * (a + b + 3) <= a + 1', 'x * (a + b + 2) <= a', 'x * (a + b + 2) <= a + 2'].map(
    (condition) => ({
      file: 'incomplete-beta.ts',
      before: 'return x * (a + b + 2) <= a + 1 ? lowerShare(x, rest, a, b) : 1 - lowerShare(rest, x, b, a);',
      after: `return ${condition} ? lowerShare(x, rest, a, b) : 1 - lowerShare(rest, x, b, a);`,
      proof: 'Both sides are the same share, I_x(a, b) = 1 - I_1-x(b, a), and near the mean both converge.',
    }),
  ),
  {
    file: 'incomplete-beta.ts',
    before: 'const seriesFrom = 10;',
    after: 'const seriesFrom = 20;',
    proof: 'The recurrence is exact at every z, and from 20 on the series leaves out even less than from 10 on.',
  },
  {
    file: 'incomplete-beta.ts',
    before: 'for (; raised < seriesFrom; raised++) left += (raised + 0.5) * Math.log1p(1 / raised) - 1;',
    after: 'for (; raised <= seriesFrom; raised++) left += (raised + 0.5) * Math.log1p(1 / raised) - 1;',
    proof: 'The recurrence is exact at every z, so one step more than the series needs changes nothing.',
  },
  {
    file: 'incomplete-beta.ts',
    before: 'const distance = x > rest ? (a + b) * rest - b : a - (a + b) * x;',
    after: 'const distance = x >= rest ? (a + b) * rest - b : a - (a + b) * x;',
    proof: 'Where x is rest, which is 1 - x, both are (a - b) / 2.',
  },
  {
    file: 'incomplete-beta.ts',
    before: 'const mostSteps = 100_000;',
    after: 'const mostSteps = 200000;',
    proof:
      'Within the parameters that are promised the fraction settles after some thousand steps, before either limit.',
  },
  {
    file: 'incomplete-beta.ts',
    before: 'for (let m = 1; m <= mostSteps; m++) {',
    after: 'for (let m = 1; m < mostSteps; m++) {',
    proof:
      'Within the parameters that are promised the fraction settles after some thousand steps, long before the last.',
  },
  {
    file: 'incomplete-beta.ts',
    before: 'if (Math.abs(factor - 1) < Number.EPSILON) return fraction;',
    after: 'if (Math.abs(factor - 1) <= Number.EPSILON) return fraction;',
    proof: 'A factor that is one unit from 1 changes the last binary digit alone, and 1e-12 is promised.',
  },
  {
    file: 'incomplete-beta.ts',
    before: 'const tiny = 1e-300;',
    after: 'const tiny = 2e-300;',
    proof: 'It stands for 0 in a sum with numbers around 1, where neither of the two can be seen.',
  },
  {
    file: 'timeline-record.ts',
    before: 'const pieces = timelines[0]?.count.length ?? 0;',
    after: 'const pieces = timelines[0]?.maxUs.length ?? 0;',
    proof: 'All columns of a timeline have one entry for each piece, so they have the same length.',
  },
  ...['end <= 0', 'end < 1'].map((condition) => ({
    file: 'specimen-record.ts',
    before: "return end < 0 ? [] : [{ start: index, end: end + 4, layer: 'headers' as const }];",
    after: `return ${condition} ? [] : [{ start: index, end: end + 4, layer: 'headers' as const }];`,
    proof: 'A head begins with GET, POST or HTTP, so the empty line is never found at index 0.',
  })),
];

/** The entry for a mutation of a module with this base name, if there is one. */
export function equivalentFor(
  file: string,
  { before, after }: Change,
  entries: readonly Equivalent[],
): Equivalent | undefined {
  return entries.find((entry) => entry.file === file && entry.before === before && entry.after === after);
}

/**
 * Entries that are not about exactly one mutation: the line is gone, or it occurs twice and the proof is about one.
 *
 * `known`: the entry of each possible mutation of the examined modules; `notLookedAt`: base names of the others.
 */
export function unfitEntries(
  entries: readonly Equivalent[],
  known: readonly Equivalent[],
  notLookedAt: readonly string[],
): readonly Equivalent[] {
  return entries.filter((entry) => {
    return !notLookedAt.includes(entry.file) && known.filter((each) => each === entry).length !== 1;
  });
}
