import type { Mutation, Place } from './mutation.ts';

/** Numbers and booleans. Texts for people are none of these. */
export function constantMutations({ node, ancestors }: Place): readonly Mutation[] {
  if (node.type !== 'Literal') return [];
  if (typeof node.value === 'boolean') return [replaced(node, String(!node.value))];
  if (typeof node.value !== 'number' || isKey(node, ancestors.at(-1))) return [];
  return [replaced(node, String(otherThan(node.value)))];
}

/** One more of a small count, twice a quantity: both are mistakes that a table test can see. */
function otherThan(value: number): number {
  return Number.isInteger(value) && value < 10 ? value + 1 : value * 2;
}

function replaced({ start, end }: Place['node'], text: string): Mutation {
  return { kind: 'constant', edits: [{ start, end, text }] };
}

function isKey(node: Place['node'], parent: Place['node'] | undefined): boolean {
  return parent?.type === 'Property' && parent.key === node && !parent.computed;
}
