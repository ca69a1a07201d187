import type { Node } from 'oxc-parser';
import { parse, walk } from '../../checks/syntax.ts';
import { argumentMutations } from './argument-mutations.ts';
import { constantMutations } from './constant-mutations.ts';
import { fieldMutations } from './field-mutations.ts';
import { type Mutation, mutated } from './mutation.ts';
import { namesSeen } from './names-seen.ts';
import { operatorMutations } from './operator-mutations.ts';

/**
 * All mutations of a source text that can be parsed, in the order of the source. Types, imports and thrown errors have
 * none.
 *
 * `neighbours`: texts of the files that it imports, which provide names of fields too.
 */
export function mutationsOf(path: string, source: string, neighbours: readonly string[] = []): readonly Mutation[] {
  const { root } = parse(path, source);
  const fields = fieldMutations(namesSeen([source, ...neighbours]));
  const rules = [operatorMutations, constantMutations, fields, argumentMutations];
  const found: Mutation[] = [];
  walk(root, (node, ancestors) => {
    if (isNoCode(node)) return false;
    for (const rule of rules) found.push(...rule({ node, ancestors, source }));
    return undefined;
  });
  return distinct(source, found).filter((mutation) => isCode(path, mutated(source, mutation)));
}

const carriers = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

function isNoCode({ type }: Node): boolean {
  return (type.startsWith('TS') && !carriers.has(type)) || type === 'ImportDeclaration' || type === 'ThrowStatement';
}

/** Whether a source can be parsed; `a ?? b && c` cannot. */
function isCode(path: string, source: string): boolean {
  try {
    parse(path, source);
    return true;
  } catch {
    return false;
  }
}

/** Drops mutations without effect, and those with the same result as an earlier one. */
function distinct(source: string, mutations: readonly Mutation[]): readonly Mutation[] {
  const texts = new Map<string, Mutation>();
  for (const mutation of mutations) {
    const text = mutated(source, mutation);
    if (text !== source && !texts.has(text)) texts.set(text, mutation);
  }
  return [...texts.values()];
}
