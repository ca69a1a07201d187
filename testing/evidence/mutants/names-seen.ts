import type { Node } from 'oxc-parser';
import { parse, walk } from '../../checks/syntax.ts';

/** Names of fields that occur together, and so could be confused. */
export type NamesSeen = {
  /** Names that occur beside `name` in a type, object or list, or are read from the same object. Most similar first. */
  readonly beside: (name: string) => readonly string[];
};

/** Collects the names in several source texts. */
export function namesSeen(sources: readonly string[]): NamesSeen {
  const groups = sources.flatMap(groupsOf);
  return {
    beside: (name) => {
      const others = new Set(groups.filter((group) => group.has(name)).flatMap((group) => [...group]));
      others.delete(name);
      return [...others].sort((a, b) => likeness(b, name) - likeness(a, name) || (a < b ? -1 : 1));
    },
  };
}

function groupsOf(source: string): readonly ReadonlySet<string>[] {
  const literal: Set<string>[] = [];
  const asked = new Map<string, Set<string>>();
  walk(parse('names.ts', source).root, (node, ancestors) => {
    if (node.type === 'MemberExpression') {
      const name = fieldName(node, ancestors.at(-1));
      if (name === undefined) return undefined;
      const of = source.slice(node.object.start, node.object.end);
      asked.set(of, (asked.get(of) ?? new Set()).add(name));
    } else {
      const names = keysOf(node);
      if (names.length > 1) literal.push(new Set(names));
    }
    return undefined;
  });
  return [...literal, ...asked.values()];
}

/** The field in `a.name` or `a['name']`. Undefined for method calls and for built-in properties such as `length`. */
export function fieldName(
  node: Extract<Node, { type: 'MemberExpression' }>,
  parent: Node | undefined,
): string | undefined {
  if (parent?.type === 'CallExpression' && parent.callee === node) return undefined;
  const { property, computed } = node;
  if (!computed) return property.type === 'Identifier' && !builtIn.has(property.name) ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

const builtIn = new Set(['length', 'size', 'constructor', 'prototype']);

function keysOf(node: Node): readonly string[] {
  switch (node.type) {
    case 'ObjectExpression':
    case 'ObjectPattern':
      return node.properties.flatMap((property) => (property.type === 'Property' ? nameOfKey(property.key) : []));
    case 'TSTypeLiteral':
      return node.members.flatMap((member) => (member.type === 'TSPropertySignature' ? nameOfKey(member.key) : []));
    case 'TSUnionType':
      return node.types.flatMap((type) => (type.type === 'TSLiteralType' ? nameOfKey(type.literal) : []));
    case 'ArrayExpression':
      return node.elements.flatMap((element) => (element?.type === 'Literal' ? nameOfKey(element) : []));
    default:
      return [];
  }
}

function nameOfKey(key: Node): readonly string[] {
  if (key.type === 'Identifier') return [key.name];
  return key.type === 'Literal' && typeof key.value === 'string' ? [key.value] : [];
}

/** Number of common letters at both ends: `readBytes` is more like `writtenBytes` than like `count`. */
function likeness(a: string, b: string): number {
  const common = (x: string, y: string) => {
    const differs = [...x].findIndex((letter, i) => letter !== y[i]);
    return differs === -1 ? x.length : differs;
  };
  const turned = (text: string) => [...text].reverse().join('');
  return common(a, b) + common(turned(a), turned(b));
}
