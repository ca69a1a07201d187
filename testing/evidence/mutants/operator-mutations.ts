import type { Node } from 'oxc-parser';
import type { Edit, Mutation, Place } from './mutation.ts';

/** Replacements of each operator: the boundary first, then the opposite. */
const mistakenFor: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

/** Replaces an operator, removes a right operand, a sign or a `!`, or negates a condition. */
export function operatorMutations(place: Place): readonly Mutation[] {
  const { node } = place;
  switch (node.type) {
    case 'BinaryExpression':
      return isText(node.left) || isText(node.right)
        ? []
        : [...exchanged(place, node.left, node.operator, node.right), ...withoutRight(node)];
    case 'LogicalExpression':
      return exchanged(place, node.left, node.operator, node.right);
    case 'AssignmentExpression':
      return exchanged(place, node.left, node.operator, node.right);
    case 'UnaryExpression':
      return node.operator === '-' || node.operator === '!'
        ? [operator({ start: node.start, end: node.argument.start, text: '' })]
        : [];
    case 'IfStatement':
    case 'ConditionalExpression':
      return opposite(node.test);
    default:
      return [];
  }
}

function operator(...edits: readonly Edit[]): Mutation {
  return { kind: 'operator', edits };
}

function exchanged(place: Place, left: Node, name: string, right: Node): readonly Mutation[] {
  const start = place.source.indexOf(name, left.end);
  // The new operator may bind differently, so parentheses keep both operands together.
  const around = /^(&&|\|\||\?\?)$/.test(name) && /^(Logical|Binary)Expression$/.test(place.ancestors.at(-1)!.type);
  return (mistakenFor[name] ?? []).map((text) => {
    const edit = { start, end: start + name.length, text };
    if (!around) return operator(edit);
    return operator(inserted(left.start, '('), edit, inserted(right.end, ')'));
  });
}

/** `a / b` as `a`: a division, subtraction or unit conversion that was forgotten. */
function withoutRight({
  operator: name,
  left,
  right,
}: Extract<Node, { type: 'BinaryExpression' }>): readonly Mutation[] {
  return ['+', '-', '*', '/'].includes(name) ? [operator({ start: left.end, end: right.end, text: '' })] : [];
}

/** Negates a condition that has no operator of its own. */
function opposite(test: Node): readonly Mutation[] {
  if (['BinaryExpression', 'LogicalExpression', 'UnaryExpression'].includes(test.type)) return [];
  return [operator(inserted(test.start, '!('), inserted(test.end, ')'))];
}

function inserted(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

function isText(node: Node): boolean {
  return (
    node.type === 'TemplateLiteral' ||
    (node.type === 'Literal' && typeof node.value === 'string' && node.value.includes(' '))
  );
}
