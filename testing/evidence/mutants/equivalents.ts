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
