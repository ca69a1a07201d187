import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stop } from 'esbuild';
import { projectRoot } from '../machine/host/project-root.ts';
import { sourceFiles } from '../testing/checks/test-files.ts';
import { bundleOf, nodeOnlyIn, runWithoutNode } from '../testing/without-node.ts';

// Clients of any kind, in browsers too, are to speak the contract with these sources as they are.
const files = sourceFiles(projectRoot).filter((path) => path.startsWith('protocol/') && !path.endsWith('.test.ts'));

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
