import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** The priority of a process of its own after this code; lower numbers go first. */
function priorityAfter(code: string): number {
  const program = `import { getPriority, setPriority } from 'node:os';\n${code}\nconsole.log(getPriority());`;
  const options = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout, stderr, status } = spawnSync(process.execPath, options, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

test('a process goes first where that is allowed, and runs on as before where it is not', () => {
  const allowed = priorityAfter('try { setPriority(-20); } catch {}');
  const file = new URL('./go-first.ts', import.meta.url).href;
  assert.equal(priorityAfter(`import { goFirst } from '${file}';\ngoFirst();`), allowed);
});
