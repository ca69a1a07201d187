import { createHash } from 'node:crypto';
import { changeOf, kinds, type Mutation } from './mutation.ts';

/**
 * A sample of `count` mutations of a module, or all if there are fewer. It takes kinds in turn, so that rare kinds are
 * included.
 *
 * The choice depends only on the seed and on the text of the changed lines, so a change elsewhere in the file does not
 * affect it. Of two mutations with the same text, the first is taken first.
 */
export function sampleOf(
  mutations: readonly Mutation[],
  source: string,
  { seed, count }: { readonly seed: string; readonly count: number },
): readonly Mutation[] {
  const drawn = new Map(mutations.map((mutation) => [mutation, draw(`${seed}\n${textOf(source, mutation)}`)]));
  const ofKind = kinds.map((kind) =>
    mutations.filter((mutation) => mutation.kind === kind).sort((a, b) => (drawn.get(a)! < drawn.get(b)! ? -1 : 1)),
  );
  const longest = Math.max(...ofKind.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, i) => ofKind.flatMap((list) => list[i] ?? [])).flat();
  const chosen = new Set(inTurn.slice(0, count));
  return mutations.filter((mutation) => chosen.has(mutation));
}

function textOf(source: string, mutation: Mutation): string {
  const { before, after } = changeOf(source, mutation);
  return `${before}\n${after}`;
}

function draw(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
