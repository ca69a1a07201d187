import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { build, stop } from 'esbuild';
import { projectRoot } from '../machine/host/project-root.ts';
import { lineAt, parse, walk } from '../testing/checks/syntax.ts';
import { sourceFiles } from '../testing/checks/test-files.ts';

// Clients of any kind, in browsers too, are to speak the contract with these sources as they are.
const files = sourceFiles(projectRoot).filter((path) => path.startsWith('protocol/') && !path.endsWith('.test.ts'));

const globalsOfNode = new Set(['Buffer', 'process', 'require', 'setImmediate']);
/** Of what browsers have beyond the language, all that is used here. */
const globalsOfBrowsers = { TextDecoder, TextEncoder, URLSearchParams };

/** Where a source names a global of Node.js alone, or one of its modules. */
function nodeOnlyIn(path: string, source: string): readonly string[] {
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
async function bundleOf(path: string): Promise<string> {
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
async function runWithoutNode(path: string, script: string): Promise<unknown> {
  return runInContext(`${await bundleOf(path)}\n${script}`, createContext({ ...globalsOfBrowsers }));
}

describe('browsers can run protocol/', () => {
  after(() => stop());

  test('all its sources are looked at', () => {
    for (const path of ['protocol/codec.ts', 'protocol/wire/sse-parser.ts']) assert.ok(files.includes(path), path);
  });
  for (const path of files) {
    test(path, async () => {
      // In the source itself not even as a type, which its bundle no longer shows.
      assert.deepEqual(nodeOnlyIn(path, readFileSync(join(projectRoot, path), 'utf8')), []);
      assert.deepEqual(nodeOnlyIn('bundle.js', await bundleOf(path)), []);
      await runWithoutNode(path, '');
    });
  }

  test('updates are encoded and decoded there', async () => {
    const script = `Object.values(bundled.codecs).map(({ encode, decode }) => {
      const text = new TextEncoder().encode('"é"');
      const { version, channel, intendedUs, payload } = decode(
        encode({ version: 7, channel: 1, intendedUs: 1e9, payload: text }),
      );
      return [version, channel, intendedUs, new TextDecoder().decode(payload)].join();
    }).join(' ')`;
    const expected = '7,1,1000000000,"é"';
    assert.equal(await runWithoutNode('protocol/codec.ts', script), `${expected} ${expected}`);
  });

  test('frames are made and read there', async () => {
    const script = `const framed = bundled.frame(new TextEncoder().encode('abc'));
      const read = [];
      bundled.readFrames(framed, 0, framed.length, (bytes, start, end) => read.push(bytes.subarray(start, end)));
      new TextDecoder().decode(read[0])`;
    assert.equal(await runWithoutNode('protocol/framing.ts', script), 'abc');
  });
});
