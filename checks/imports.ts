import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import of a file of ours by another. Paths are relative to the root, with `/`. */
export type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean; readonly line: number };

/** `import …` and `export … from`, over several lines where the braces are; `import('…')` in expressions. */
const statement = /^(?:import|export)\s+(type\s)?(?:[\w*\s{},$]*?from\s+)?['"](\.{1,2}\/[^'"]+)['"]/gm;
const dynamic = /\bimport\(\s*['"](\.{1,2}\/[^'"]+)['"]\s*\)/g;

/** The relative imports of one source text. */
export function importsOf(path: string, source: string): readonly Import[] {
  const target = (specifier: string) => posix.join(posix.dirname(path), specifier);
  const lineAt = (index: number) => source.slice(0, index).split('\n').length;
  return [
    ...[...source.matchAll(statement)].map((match) => ({
      from: path,
      to: target(match[2]!),
      typeOnly: match[1] !== undefined || hasOnlyTypes(match[0]),
      line: lineAt(match.index),
    })),
    ...[...source.matchAll(dynamic)].map((match) => ({
      from: path,
      to: target(match[1]!),
      typeOnly: false,
      line: lineAt(match.index),
    })),
  ];
}

/** `import { type A, type B } from …` carries no code either. */
function hasOnlyTypes(text: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(text)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type '));
}

export function readImports(root: string, paths: readonly string[]): readonly Import[] {
  return paths.flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')));
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '.';
}
