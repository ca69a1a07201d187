import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { projectRoot } from '../machine/host/project-root.ts';
import { lineAt, parse, walk } from './checks/syntax.ts';

const globalsOfNode = new Set(['Buffer', 'process', 'require', 'setImmediate']);
/** Of what browsers have beyond the language, all that is used here. */
const globalsOfBrowsers = { TextDecoder, TextEncoder, URLSearchParams };

/** Where a source names a global of Node.js alone, or one of its modules. */
export function nodeOnlyIn(path: string, source: string): readonly string[] {
  const found: string[] = [];
  walk(parse(path, source).root, (node) => {
    const isNodeOnly =
      (node.type === 'Identifier' && globalsOfNode.has(String(node.name))) ||
      (node.type === 'Literal' && typeof node.value === 'string' && node.value.startsWith('node:'));
    if (isNodeOnly) found.push(`${path}:${lineAt(source, node.start)}: ${source.slice(node.start, node.end)}`);
    return undefined;
  });
  return found;
}

/** A file with all that it imports, as a script that leaves its exports in `bundled`. Fails at modules of Node.js. */
export async function bundleOf(path: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [path],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundled',
    treeShaking: false,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** Runs the bundle of a source and then `script`, where nothing of Node.js is. */
export async function runWithoutNode(path: string, script: string): Promise<unknown> {
  return runInContext(`${await bundleOf(path)}\n${script}`, createContext({ ...globalsOfBrowsers }));
}
