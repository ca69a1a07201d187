import { createHash } from 'node:crypto';
import { changeOf, kinds, type Mutation } from './mutation.ts';

/**
 * So many of the mutations of a module, or all where there are fewer: of each kind in turn, so that none goes short.
 *
 * Which ones depends on the seed and on the text of the lines alone. A change elsewhere in the file leaves the others as
 * they are, and two mutations of one text are told apart by which comes first.
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
