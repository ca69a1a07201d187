import type { Change } from './mutation.ts';

/** A mutation that changes nothing that anyone could see, and why. */
export type Equivalent = {
  /** Base name of the module, so that a move does not lose it. */
  readonly file: string;
  /** The line before and after, as a survivor is printed. */
  readonly before: string;
  readonly after: string;
  readonly proof: string;
};

export const equivalents: readonly Equivalent[] = [
  {
    file: 'trend.ts',
    before:
      'const score = used.reduce((sum, values) => sum + pairsOf(values, (a, b) => Math.sign(b - a)).reduce(add, 0), 0);',
    after:
      'const score = used.reduce((sum, values) => sum + pairsOf(values, (a, b) => Math.sign(a - b)).reduce(add, 0), 0);',
    proof: 'The score is only used by its amount, which is the same when all pairs count the other way round.',
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
  {
    file: 'exchange-record.ts',
    before: 'const rows = [...updates.channel.keys()].filter((row) => updates.channel[row] === channel);',
    after: 'const rows = [...updates.acceptedUs.keys()].filter((row) => updates.channel[row] === channel);',
    proof: 'All columns of the accepted updates have one entry for each update, so they have the same rows.',
  },
  {
    file: 'decision.ts',
    before: "return question !== undefined && comparisonOf(comparisons, question, a, b)?.outcome === 'cannot-tell';",
    after: "return question !== undefined && comparisonOf(comparisons, question, b, a)?.outcome === 'cannot-tell';",
    proof: "A comparison that is turned round stays 'cannot-tell', and no other outcome becomes it.",
  },
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
 * Entries that are not about exactly one mutation: the line is gone, or it is there twice and the proof is about one.
 *
 * `known`: the entry of each possible mutation of the modules that were looked at; `notLookedAt`: base names of the others.
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
