import type { Node } from 'oxc-parser';

export const kinds = ['operator', 'constant', 'field', 'argument', 'call'] as const;

export type Kind = (typeof kinds)[number];

/** One range of the source that is replaced; `end` is exclusive, an empty range inserts. */
export type Edit = { readonly start: number; readonly end: number; readonly text: string };

/** One mistake in one place. Its edits do not overlap and are in order. */
export type Mutation = { readonly kind: Kind; readonly edits: readonly Edit[] };

/** What a mutation rule gets. */
export type Place = { readonly node: Node; readonly ancestors: readonly Node[]; readonly source: string };

/** The source with the mutation in it. */
export function mutated(source: string, { edits }: Mutation): string {
  const pieces = edits.map(({ start, text }, i) => source.slice(i === 0 ? 0 : edits[i - 1]!.end, start) + text);
  return pieces.join('') + source.slice(edits.at(-1)!.end);
}

/**
 * The lines that a mutation changes, without line breaks. They are printed, and identify the mutation when lines move.
 */
export type Change = { readonly line: number; readonly before: string; readonly after: string };

export function changeOf(source: string, mutation: Mutation): Change {
  const first = mutation.edits[0]!.start;
  const from = source.lastIndexOf('\n', first - 1) + 1;
  const next = source.indexOf('\n', mutation.edits.at(-1)!.end);
  const to = next === -1 ? source.length : next;
  const grown = mutation.edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
  const inOneLine = (text: string) => text.trim().replace(/\s+/g, ' ');
  return {
    line: source.slice(0, first).split('\n').length,
    before: inOneLine(source.slice(from, to)),
    after: inOneLine(mutated(source, mutation).slice(from, to + grown)),
  };
}
