import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, thisProcess } from './owner.ts';

const skip = !existsSync('/proc/self/stat') && 'there is no /proc';

test('a process is known by its id, its start and its namespace', { skip }, () => {
  const own = thisProcess();
  assert.ok(isRunning(own));
  assert.ok(!isRunning({ ...own, startTime: '1' }));
  assert.ok(!isRunning({ ...own, pid: spawnSync(process.execPath, ['-e', '']).pid }));
  // Ids of another container mean other processes, so that nothing is concluded from them.
  assert.ok(isRunning({ ...own, startTime: '1', namespace: 'pid:[1]' }));
  assert.ok(isRunning({ ...own, namespace: null }));
});

test('a process that has ended, and whose parent has not noticed, does not run', { skip }, async (t) => {
  // The shell starts a process, and becomes one that never asks for its end.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => parent.kill('SIGKILL'));
  const [text] = await once(parent.stdout, 'data');
  const pid = Number(String(text));
  const startTime = statOf(pid)[19]!;
  assert.ok(isRunning({ ...thisProcess(), pid, startTime }));
  process.kill(pid, 'SIGKILL');
  while (statOf(pid)[0] !== 'Z') await sleep(20);
  assert.ok(!isRunning({ ...thisProcess(), pid, startTime }));
});

function statOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
}
