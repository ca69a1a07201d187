import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** What a process of its own prints after this code. */
function printedAfter(code: string, env: NodeJS.ProcessEnv = {}): string {
  const options = ['--import', 'tsx', '--input-type=module', '-e', code];
  const { stdout, stderr, status } = spawnSync(process.execPath, options, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const goFirst = `
import { goFirst } from '${new URL('./go-first.ts', import.meta.url).href}';
goFirst();
`;

/** Prints the scheduling policies and real-time priorities: of the main thread, and of the others. */
const policies = `
import { readdirSync, readFileSync } from 'node:fs';
// Columns 40 and 41, counted from 1 (proc_pid_stat(5)); the name before them may hold spaces.
const of = (thread) => readFileSync(\`/proc/self/task/\${thread}/stat\`, 'utf8').split(') ').at(-1).split(' ').slice(37, 39).join(' ');
const others = readdirSync('/proc/self/task').filter((thread) => thread !== String(process.pid));
console.log(JSON.stringify([of(process.pid), ...new Set(others.map(of))]));
`;

test('a process goes first where that is allowed, with all its threads', (t) => {
  if (process.platform !== 'linux') {
    t.skip('there is no chrt');
    return;
  }
  const isAllowed = spawnSync('chrt', ['--rr', '1', 'true']).status === 0;
  // SCHED_RR is 2, SCHED_OTHER 0.
  const expected = isAllowed ? ['1 2', '1 2'] : ['0 0', '0 0'];
  assert.deepEqual(JSON.parse(printedAfter(goFirst + policies)), expected);
});

test('without chrt it has the priority that it may have, and runs on as before where it may have none', () => {
  const priority = `import { getPriority, setPriority } from 'node:os';`;
  const print = 'console.log(getPriority());';
  const allowed = printedAfter(`${priority} try { setPriority(-20); } catch {} ${print}`);
  assert.equal(printedAfter(goFirst + priority + print, { PATH: '/nowhere' }), allowed);
});
