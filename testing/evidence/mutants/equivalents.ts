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

export const equivalents: readonly Equivalent[] = [];

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
