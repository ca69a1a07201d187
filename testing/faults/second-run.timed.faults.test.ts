import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startCommand } from '../commands/started-command.ts';

// Alone: any other run on this machine would be the first.
const home = mkdtempSync(join(tmpdir(), 'second-run-'));
after(() => rmSync(home, { recursive: true, force: true }));

const small = ['--clients', '10', '--channels', '2', '--warmup', '0', '--network', 'loopback', '--transport', 'sse'];
const words = ['run', 'chat-room', ...small];
const brief = ['--repeats', '1', '--duration', '1s'];

/** A run of which the first trial has begun. */
async function started(name: string, ...more: readonly string[]) {
  const command = startCommand(home, [...words, '--out', name, ...more]);
  await command.says(/\[ *1\/\d+\]/);
  return command;
}

test('a second run at the same time names the first and ends, unless it is forced', { timeout: 120_000 }, async () => {
  const before = process.env.PVW_SHARE_MACHINE;
  delete process.env.PVW_SHARE_MACHINE;
  try {
    const first = await started('first', '--repeats', '20', '--duration', '2s');
    const second = startCommand(home, [...words, '--out', 'second']);
    assert.equal(await second.ended, 2);
    assert.equal(
      second.stderr().trimEnd().split('\n').at(-1),
      `pvw: another run is going on: process ${first.child.pid}, with its results in ${join(home, 'first')}; wait for it, or give --force`,
    );
    const forced = startCommand(home, [...words, '--out', 'forced', '--force', ...brief]);
    await forced.says(/another run is going on: process \d+, .*; each disturbs the other/);
    await forced.ended;
    first.child.kill('SIGKILL');
    await first.ended;
    const third = await started('third', ...brief);
    const code = await third.ended;
    assert.ok(code === 0 || code === 4, third.stderr());
  } finally {
    if (before !== undefined) process.env.PVW_SHARE_MACHINE = before;
  }
});
