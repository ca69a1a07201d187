import { basename, posix } from 'node:path';
import { circlesOf, longestChain } from './circles.ts';
import { type FunctionSize, functionsOf } from './functions.ts';
import { type Import, importsOf } from './imports.ts';

export type SourceText = { readonly path: string; readonly text: string };

export type FolderSize = { readonly folder: string; readonly sources: number; readonly tests: number };

export type Sizes = { readonly count: number; readonly median: number; readonly largest: number };

/** Files that import each other in a circle, and the imports between them. */
export type Circle = { readonly files: readonly string[]; readonly imports: readonly Import[] };

/** Sizes and imports of the sources. Of tests, only their number and lines are counted. */
export type HouseFigures = {
  readonly rootFolders: number;
  /** Files directly in each folder, most sources first. */
  readonly folders: readonly FolderSize[];
  readonly fileLines: Sizes;
  readonly testLines: Sizes;
  readonly largestFiles: readonly { readonly path: string; readonly lines: number }[];
  readonly functionLines: Sizes;
  readonly longFunctions: readonly FunctionSize[];
  readonly circles: readonly Circle[];
  readonly longestChain: readonly string[];
  /** Base names that occur in several folders, tests excluded. */
  readonly repeatedNames: readonly { readonly name: string; readonly folders: readonly string[] }[];
};

/** A function with more lines than this needs a reason. */
export const longFunctionLines = 60;
const namedFiles = 5;

/** `folders`: the folders at the root, without dot-folders and `node_modules`. */
export function houseFigures(texts: readonly SourceText[], folders: readonly string[]): HouseFigures {
  const sources = texts.filter(({ path }) => !isTest(path));
  const tests = texts.filter(({ path }) => isTest(path));
  const functions = sources.flatMap(({ path, text }) => functionsOf(path, text));
  const imports = sources.flatMap(({ path, text }) => importsOf(path, text)).filter(({ to }) => to.endsWith('.ts'));
  const files = sources.map(({ path, text }) => ({ path, lines: linesOf(text) }));
  return {
    rootFolders: folders.length,
    folders: folderSizes(texts.map(({ path }) => path)),
    fileLines: sizesOf(files.map(({ lines }) => lines)),
    testLines: sizesOf(tests.map(({ text }) => linesOf(text))),
    largestFiles: [...files].sort((a, b) => b.lines - a.lines).slice(0, namedFiles),
    functionLines: sizesOf(functions.map(({ lines }) => lines)),
    longFunctions: functions.filter(({ lines }) => lines > longFunctionLines).sort((a, b) => b.lines - a.lines),
    circles: circlesOf(imports).map((group) => ({ files: group, imports: importsWithin(group, imports) })),
    longestChain: longestChain(imports),
    repeatedNames: repeatedNames(sources.map(({ path }) => path)),
  };
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function folderSizes(paths: readonly string[]): readonly FolderSize[] {
  const folders = [...new Set(paths.map((path) => posix.dirname(path)))];
  return folders
    .map((folder) => {
      const beside = paths.filter((path) => posix.dirname(path) === folder);
      const tests = beside.filter(isTest).length;
      return { folder, sources: beside.length - tests, tests };
    })
    .sort((a, b) => b.sources - a.sources || (a.folder < b.folder ? -1 : 1));
}

function sizesOf(values: readonly number[]): Sizes {
  const sorted = [...values].sort((a, b) => a - b);
  return { count: sorted.length, median: sorted[Math.floor(sorted.length / 2)] ?? 0, largest: sorted.at(-1) ?? 0 };
}

function importsWithin(group: readonly string[], imports: readonly Import[]): readonly Import[] {
  return imports.filter(({ from, to }) => group.includes(from) && group.includes(to));
}

function repeatedNames(paths: readonly string[]): HouseFigures['repeatedNames'] {
  const names = [...new Set(paths.map((path) => basename(path)))].sort();
  return names
    .map((name) => ({
      name,
      folders: paths.filter((path) => basename(path) === name).map((path) => posix.dirname(path)),
    }))
    .filter(({ folders }) => folders.length > 1);
}
