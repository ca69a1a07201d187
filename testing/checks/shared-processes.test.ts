import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { loadingTest } from './load-tests.ts';
import { dealOut, writePrograms } from './shared-processes.ts';

test('every file goes to one process, neighbours go to different ones, and no process is empty', () => {
  const files = ['a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(dealOut(files, 2), [
    ['a', 'c', 'e'],
    ['b', 'd'],
  ]);
  assert.deepEqual(dealOut(files, 9), [['a'], ['b'], ['c'], ['d'], ['e']]);
  assert.deepEqual(dealOut([], 9), []);
});

/** Runs files in one process, as run-tests does. Returns its exit code and its output in TAP. */
function runTogether(texts: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-together-'));
  const files = texts.map((text, index) => {
    const file = join(directory, `${index}.test.mjs`);
    writeFileSync(file, `import { after, test } from 'node:test';\n${text}\n`);
    return file;
  });
  const [program] = writePrograms([files], directory);
  // With this variable set, the child would report to the runner of this test.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const args = ['--import', 'tsx', '--test-reporter', 'tap', program!];
  return new Promise((ended) => {
    execFile(process.execPath, args, { cwd: projectRoot, env }, (error, stdout) => {
      rmSync(directory, { recursive: true });
      ended({ code: error ? Number(error.code) : 0, said: stdout });
    });
  });
}

test('files of one process wait for each other, even if one loads late, and clean up last', async () => {
  const { code, said } = await runTogether([
    `let cleaned = false;
    after(() => { cleaned = true; });
    globalThis.isClean = () => cleaned;
    test('first', () => {});`,
    `await new Promise((late) => setTimeout(late, 300));
    test('last', () => { if (globalThis.isClean()) throw new Error('too early'); });`,
  ]);
  assert.equal(code, 0, said);
  for (const name of [loadingTest, 'first', 'last']) assert.match(said, new RegExp(`^ok \\d - ${name}$`, 'm'));
});

test('a file that cannot be loaded is named, and the others run', async () => {
  const { code, said } = await runTogether(["throw new Error('broken');", "test('whole', () => {});"]);
  assert.equal(code, 1);
  assert.match(said, new RegExp(`^not ok 1 - ${loadingTest}$`, 'm'));
  assert.match(said, /0\.test\.mjs cannot be loaded/);
  assert.match(said, /^ok 2 - whole$/m);
});
