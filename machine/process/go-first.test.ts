import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const program = `
import { readFileSync } from 'node:fs';
import { goFirst } from '${new URL('./go-first.ts', import.meta.url).href}';
goFirst();
// The policy is the 41st column, counted from 1 (proc_pid_stat(5)); the name before may hold spaces.
console.log(readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ')[38]);
`;

test('a process goes first where that is allowed, and runs on as before where it is not', (t) => {
  if (process.platform !== 'linux') {
    t.skip('there is no chrt');
    return;
  }
  const isAllowed = spawnSync('chrt', ['--fifo', '1', 'true']).status === 0;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  // SCHED_FIFO is 1, SCHED_OTHER 0.
  assert.equal(stdout.trim(), isAllowed ? '1' : '0');
});
