import type { Node } from 'oxc-parser';
import type { Edit, Kind, Mutation, Place } from './mutation.ts';

/** Calls that are replaced by their counterpart. */
const counterparts: Readonly<Record<string, string>> = {
  'Math.min': 'Math.max',
  'Math.max': 'Math.min',
  'Math.floor': 'Math.ceil',
  'Math.ceil': 'Math.floor',
  'Math.round': 'Math.floor',
};

const methodCounterparts: Readonly<Record<string, string>> = { some: 'every', every: 'some' };

/** Calls with one argument that a mutation replaces by that argument. */
const wrappers = new Set(['Math.abs', 'Math.sqrt', 'Math.log', 'Math.exp', 'Math.sign']);

/** Method calls that a mutation replaces by their receiver. */
const steps = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed']);

/** Swaps arguments and the operands of `-` and `/`, and replaces or removes calls. */
export function argumentMutations({ node, ancestors, source }: Place): readonly Mutation[] {
  switch (node.type) {
    case 'BinaryExpression':
      if (node.operator === '-' && isSignLost(ancestors, source)) return [];
      return node.operator === '-' || node.operator === '/' ? swapped([node.left, node.right], source) : [];
    case 'NewExpression':
      return swapped(node.arguments, source);
    case 'CallExpression':
      return [
        ...(takesAnyOrder(node.callee, source) ? [] : swapped(node.arguments, source)),
        ...otherCalls(node, source),
      ];
    default:
      return [];
  }
}

/** Whether swapping the operands has no effect, as in `Math.abs(a - b)` and `(a - b) ** 2`. */
function isSignLost(ancestors: readonly Node[], source: string): boolean {
  const parent = ancestors.findLast(({ type }) => type !== 'ParenthesizedExpression');
  if (parent?.type === 'CallExpression') return source.slice(parent.callee.start, parent.callee.end) === 'Math.abs';
  return (
    parent?.type === 'BinaryExpression' &&
    parent.operator === '**' &&
    source.slice(parent.right.start, parent.right.end) === '2'
  );
}

/** Swaps each two neighbours that could be confused. */
function swapped(nodes: readonly Node[], source: string): readonly Mutation[] {
  return nodes.slice(1).flatMap((second, i) => {
    const first = nodes[i]!;
    if (!isSwappable(first) || !isSwappable(second)) return [];
    const textOf = ({ start, end }: Node) => source.slice(start, end);
    return [mutation('argument', replaced(first, textOf(second)), replaced(second, textOf(first)))];
  });
}

/** Functions, strings and spread arguments are not confused with others. */
function isSwappable(node: Node): boolean {
  if (node.type === 'Literal') return typeof node.value !== 'string';
  return !['ArrowFunctionExpression', 'FunctionExpression', 'SpreadElement', 'TemplateLiteral'].includes(node.type);
}

function takesAnyOrder(callee: Node, source: string): boolean {
  return /^Math\.(min|max|hypot)$/.test(source.slice(callee.start, callee.end));
}

function otherCalls(node: Extract<Node, { type: 'CallExpression' }>, source: string): readonly Mutation[] {
  const { callee, arguments: given } = node;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return [];
  const name = source.slice(callee.start, callee.end);
  const method = callee.property.name;
  const counterpart = counterparts[name];
  const methodCounterpart = methodCounterparts[method];
  return [
    ...(counterpart ? [mutation('call', replaced(callee, counterpart))] : []),
    ...(methodCounterpart ? [mutation('call', replaced(callee.property, methodCounterpart))] : []),
    ...(wrappers.has(name) && given.length === 1 ? [mutation('call', replaced(callee, ''))] : []),
    ...(steps.has(method) ? [mutation('call', { start: callee.object.end, end: node.end, text: '' })] : []),
  ];
}

function mutation(kind: Kind, ...edits: readonly Edit[]): Mutation {
  return { kind, edits };
}

function replaced({ start, end }: Node, text: string): Edit {
  return { start, end, text };
}
