import { extname } from 'node:path';
import { type EcmaScriptModule, type Node, parseSync, visitorKeys } from 'oxc-parser';

/** A parsed source file. Positions are offsets into `source`, in UTF-16 units as `String.slice` takes them. */
export type Syntax = {
  readonly path: string;
  readonly source: string;
  readonly root: Node;
  readonly module: EcmaScriptModule;
};

/** Parses TypeScript or JavaScript. Throws with the parser's message when the source has a syntax error. */
export function parse(path: string, source: string): Syntax {
  const { program, module, errors } = parseSync(path, source, { lang: extname(path) === '.ts' ? 'ts' : 'js' });
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  return { path, source, root: program, module };
}

/** The children of a node, in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  const fields = new Map<string, unknown>(Object.entries(node));
  return (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value = fields.get(key);
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
}

/** Visits a node and all below it. `enter` gets the ancestors, the nearest last; `false` skips the children. */
export function walk(
  node: Node,
  enter: (node: Node, ancestors: readonly Node[]) => boolean | undefined,
  ancestors: readonly Node[] = [],
): void {
  if (enter(node, ancestors) === false) return;
  const inner = [...ancestors, node];
  for (const child of childrenOf(node)) walk(child, enter, inner);
}

/** The number of the line with this offset, from 1. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
