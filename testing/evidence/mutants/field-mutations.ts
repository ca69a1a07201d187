import type { Node } from 'oxc-parser';
import type { Edit, Mutation, Place } from './mutation.ts';
import { fieldName, type NamesSeen } from './names-seen.ts';

/** By how many other names each field is replaced. */
const mistakes = 2;

/** Replaces a field, the name of a field in a string, or a destructured variable by another that occurs beside it. */
export function fieldMutations(seen: NamesSeen): (place: Place) => readonly Mutation[] {
  return ({ node, ancestors }) => {
    const parent = ancestors.at(-1);
    switch (node.type) {
      case 'MemberExpression':
        return memberMutations(node, parent, seen);
      case 'Literal':
        return parent?.type === 'CallExpression' && parent.arguments.includes(node) ? nameMutations(node, seen) : [];
      case 'ObjectPattern':
      case 'ObjectExpression':
        return swappedShorthands(node);
      case 'Identifier':
        return isReference(node, ancestors) ? variableMutations(node, ancestors) : [];
      default:
        return [];
    }
  };
}

function field(...edits: readonly Edit[]): Mutation {
  return { kind: 'field', edits };
}

function memberMutations(
  node: Extract<Node, { type: 'MemberExpression' }>,
  parent: Node | undefined,
  seen: NamesSeen,
): readonly Mutation[] {
  const name = fieldName(node, parent);
  if (name === undefined) return [];
  const { start, end } = node.property;
  const others = seen.beside(name).filter((other) => node.computed || isIdentifier(other));
  return others.slice(0, mistakes).map((other) => field({ start, end, text: node.computed ? `'${other}'` : other }));
}

/** `sumSockets(after, 'readBytes')`: a string that names a field. */
function nameMutations(node: Extract<Node, { type: 'Literal' }>, seen: NamesSeen): readonly Mutation[] {
  const { value, start, end } = node;
  if (typeof value !== 'string' || !/^[\w.-]+$/.test(value)) return [];
  const others = seen.beside(value).slice(0, mistakes);
  return others.map((other) => field({ start, end, text: `'${other}'` }));
}

/** `{ a, b }` as `{ a: b, b: a }`, for each two neighbours. */
function swappedShorthands(node: Extract<Node, { type: 'ObjectPattern' | 'ObjectExpression' }>): readonly Mutation[] {
  const names = shorthands(node);
  return names.slice(1).map((second, i) => {
    const first = names[i]!;
    const renamed = ({ name, start, end }: Shorthand, other: string) => ({ start, end, text: `${name}: ${other}` });
    return field(renamed(first, second.name), renamed(second, first.name));
  });
}

type Shorthand = { readonly name: string; readonly start: number; readonly end: number };

/** The shorthand names of a pattern or an object: `{ a, b = 1, c: d }` has one, `a`. */
function shorthands({
  properties,
}: Extract<Node, { type: 'ObjectPattern' | 'ObjectExpression' }>): readonly Shorthand[] {
  return properties.flatMap((property) => {
    if (property.type !== 'Property' || !property.shorthand || property.value.type !== 'Identifier') return [];
    return [{ name: property.value.name, start: property.start, end: property.end }];
  });
}

/** Replaces a destructured variable by its neighbour in the nearest pattern that declares it. */
function variableMutations(
  { name, start, end }: Extract<Node, { type: 'Identifier' }>,
  ancestors: readonly Node[],
): readonly Mutation[] {
  const names = patternsAround(ancestors)
    .map((pattern) => shorthands(pattern).map((each) => each.name))
    .find((each) => each.includes(name));
  const place = names?.indexOf(name) ?? -1;
  const other = names?.[place + 1] ?? names?.[place - 1];
  return other === undefined ? [] : [field({ start, end, text: other })];
}

/** Patterns of parameters and declarations of the enclosing functions, the nearest first. */
function patternsAround(ancestors: readonly Node[]): readonly Extract<Node, { type: 'ObjectPattern' }>[] {
  return [...ancestors].reverse().flatMap((node) => {
    if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionDeclaration')
      return node.params.filter((param) => param.type === 'ObjectPattern');
    if (node.type !== 'BlockStatement') return [];
    return node.body
      .flatMap((statement) => (statement.type === 'VariableDeclaration' ? statement.declarations : []))
      .map(({ id }) => id)
      .filter((id) => id.type === 'ObjectPattern');
  });
}

/** Whether a name is read: it is not a key, a declaration, part of a pattern or a callee. */
function isReference(node: Node, ancestors: readonly Node[]): boolean {
  const parent = ancestors.at(-1);
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node;
    case 'CallExpression':
      return parent.callee !== node;
    case 'Property':
      return parent.value === node && !parent.shorthand && ancestors.at(-2)?.type === 'ObjectExpression';
    case 'VariableDeclarator':
      return parent.init === node;
    case 'ArrowFunctionExpression':
      return parent.body === node;
    default:
      return readers.has(parent?.type ?? '');
  }
}

const readers = new Set([
  'BinaryExpression',
  'ConditionalExpression',
  'LogicalExpression',
  'NewExpression',
  'ReturnStatement',
  'SpreadElement',
  'TemplateLiteral',
  'UnaryExpression',
]);

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}
