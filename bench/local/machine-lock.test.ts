import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { lockMachine } from './machine-lock.ts';

const skip = process.platform !== 'linux' && 'abstract names of sockets exist on Linux alone';
let names = 0;
const newName = () => `pvw-test-${process.pid}-${names++}`;

test('a second run sees the first, and not after its end', { skip }, async () => {
  const name = newName();
  const first = await lockMachine('/results/first', name);
  assert.equal(first.other, undefined);
  const second = await lockMachine('/results/second', name);
  assert.deepEqual(second.other, { pid: process.pid, directory: '/results/first', isMeasuring: true });
  first.release();
  // The second went on all the same, as with --force.
  const third = await lockMachine('/results/third', name);
  assert.equal(third.other?.directory, '/results/second');
  second.release();
  third.release();
  const last = await lockMachine('/results/last', name);
  assert.equal(last.other, undefined);
  last.release();
});

test('of runs that begin at the same time, one goes on', { skip }, async () => {
  const name = newName();
  const locks = await Promise.all(['a', 'b', 'c'].map((directory) => lockMachine(directory, name)));
  assert.equal(locks.filter(({ other }) => other === undefined).length, 1);
  for (const { release } of locks) release();
});

test('the lock of a killed process is free, even before its parent has noticed', { skip }, async () => {
  const name = newName();
  const module = pathToFileURL(`${import.meta.dirname}/machine-lock.ts`).href;
  const text = `const { lockMachine } = await import('${module}'); await lockMachine('/gone', '${name}');
    console.log('locked'); setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const beside = await lockMachine('/beside', name);
  assert.equal(beside.other?.pid, child.pid);
  beside.release();
  child.kill('SIGSTOP');
  const silent = await lockMachine('/beside', name);
  assert.notEqual(silent.other, undefined);
  silent.release();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const next = await lockMachine('/next', name);
  assert.equal(next.other, undefined);
  next.release();
});
