import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const program = `
import { getPriority } from 'node:os';
import { goFirst } from '${new URL('./go-first.ts', import.meta.url).href}';
goFirst();
console.log(getPriority());
`;

test('a process goes first where that is allowed, and runs on as before where it is not', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^(-20|0|\d+)\n$/);
});
