import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findLeftovers, sweepLeftovers } from './leftovers.ts';

/** A process number that nobody has any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** A measured process that hears nothing, with a directory as `pid` would have made it. */
function abandoned(pid: number) {
  const directory = mkdtempSync(join(tmpdir(), `pvw-${pid}-`));
  const program = join(directory, 'server.cjs');
  writeFileSync(program, 'setInterval(() => {}, 1000)');
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  return { directory, child, gone: new Promise<void>((resolve) => child.once('exit', () => resolve())) };
}

test('a stopped process and the directory of a killed run are swept, those of a living one stay', async () => {
  const dead = abandoned(deadPid());
  const living = abandoned(process.pid);
  try {
    dead.child.kill('SIGSTOP');
    const found = sweepLeftovers();
    assert.ok(found.processes.includes(dead.child.pid!));
    assert.ok(found.directories.includes(dead.directory));
    await dead.gone;
    assert.ok(!existsSync(dead.directory));
    assert.ok(existsSync(living.directory));
    assert.ok(!found.processes.includes(living.child.pid!));
    assert.ok(!findLeftovers().directories.includes(dead.directory));
  } finally {
    living.child.kill('SIGKILL');
    await living.gone;
    spawnSync('rm', ['-r', living.directory]);
  }
});
