import type { Node } from 'oxc-parser';
import { lineAt, parse, walk } from './syntax.ts';

/** A function of a source file, with everything inside it. `line`: where it begins; `lines`: how many it has. */
export type FunctionSize = {
  readonly path: string;
  readonly name: string;
  readonly line: number;
  readonly lines: number;
};

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Every function of a source text, including nested ones. */
export function functionsOf(path: string, source: string): readonly FunctionSize[] {
  const found: FunctionSize[] = [];
  walk(parse(path, source).root, (node, ancestors) => {
    if (!functions.has(node.type)) return undefined;
    const line = lineAt(source, node.start);
    found.push({ path, name: nameOf(node, ancestors), line, lines: lineAt(source, node.end) - line + 1 });
    return undefined;
  });
  return found;
}

/**
 * Its own name, or that of the variable or property that holds it. A callback is named after the function it goes to.
 */
function nameOf(node: Node, ancestors: readonly Node[]): string {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  const parent = ancestors.at(-1);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if ((parent?.type === 'Property' || parent?.type === 'MethodDefinition') && parent.key.type === 'Identifier')
    return parent.key.name;
  if (parent?.type === 'CallExpression') return `a callback of ${calleeName(parent.callee)}`;
  return 'without a name';
}

function calleeName(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : 'a call';
}
