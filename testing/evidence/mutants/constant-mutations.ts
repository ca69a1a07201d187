import type { Mutation, Place } from './mutation.ts';

/** Changes numbers and booleans, but no strings. */
export function constantMutations({ node, ancestors }: Place): readonly Mutation[] {
  if (node.type !== 'Literal') return [];
  if (typeof node.value === 'boolean') return [replaced(node, String(!node.value))];
  if (typeof node.value !== 'number' || isKey(node, ancestors.at(-1))) return [];
  return [replaced(node, String(otherThan(node.value)))];
}

/** Adds one to a small count and doubles a quantity: a table test can see both mistakes. */
function otherThan(value: number): number {
  return Number.isInteger(value) && value < 10 ? value + 1 : value * 2;
}

function replaced({ start, end }: Place['node'], text: string): Mutation {
  return { kind: 'constant', edits: [{ start, end, text }] };
}

function isKey(node: Place['node'], parent: Place['node'] | undefined): boolean {
  return parent?.type === 'Property' && parent.key === node && !parent.computed;
}
