import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Node } from 'oxc-parser';
import { lineAt, parse, walk } from './syntax.ts';

/** One import of a project file by another. Paths are relative to the root, with `/`. */
export type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean; readonly line: number };

/**
 * The relative imports of one source text, in the order of the source: `import`, `export … from`, `import('…')` in
 * expressions and in types.
 */
export function importsOf(path: string, source: string): readonly Import[] {
  const found: Import[] = [];
  walk(parse(path, source).root, (node) => {
    const { specifier, typeOnly } = importIn(node) ?? {};
    if (specifier === undefined || !/^\.{1,2}\//.test(specifier)) return undefined;
    const to = posix.join(posix.dirname(path), specifier);
    found.push({ from: path, to, typeOnly: typeOnly ?? false, line: lineAt(source, node.start) });
    return undefined;
  });
  return found;
}

type Found = { readonly specifier: string; readonly typeOnly: boolean };

function importIn(node: Node): Found | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return {
        specifier: node.source.value,
        typeOnly: node.importKind === 'type' || hasOnlyTypes(node.specifiers.map(kindOfImported)),
      };
    case 'ExportNamedDeclaration':
      if (node.source === null) return undefined;
      return {
        specifier: node.source.value,
        typeOnly: node.exportKind === 'type' || hasOnlyTypes(node.specifiers.map(({ exportKind }) => exportKind)),
      };
    case 'ExportAllDeclaration':
      return { specifier: node.source.value, typeOnly: node.exportKind === 'type' };
    case 'ImportExpression':
      return node.source.type === 'Literal' && typeof node.source.value === 'string'
        ? { specifier: node.source.value, typeOnly: false }
        : undefined;
    case 'TSImportType':
      return { specifier: node.source.value, typeOnly: true };
    default:
      return undefined;
  }
}

type Kind = 'type' | 'value' | undefined;

function kindOfImported(specifier: Extract<Node, { type: 'ImportDeclaration' }>['specifiers'][number]): Kind {
  return specifier.type === 'ImportSpecifier' ? specifier.importKind : 'value';
}

/** `import { type A, type B } from …` carries no code. `import {} from …` and `import '…'` do: they run the file. */
function hasOnlyTypes(kinds: readonly Kind[]): boolean {
  return kinds.length > 0 && kinds.every((kind) => kind === 'type');
}

export function readImports(root: string, paths: readonly string[]): readonly Import[] {
  return paths.flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')));
}
