import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCommand } from '../../machine/host/system-tools.ts';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import { findLeftovers, sweepLeftovers } from './leftovers.ts';

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** A measured process that ignores everything, with a directory as run `pid` would have made it. */
function abandoned(pid: number) {
  const directory = mkdtempSync(join(tmpdir(), `pvw-${pid}-`));
  const program = join(directory, 'server.cjs');
  writeFileSync(program, 'setInterval(() => {}, 1000)');
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  return { directory, child, gone: new Promise<void>((resolve) => child.once('exit', () => resolve())) };
}

test('a stopped process and the directory of a killed run are removed, those of a living run stay', async () => {
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

const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';

test('an NGINX worker without its master and its run is ended', { skip }, async () => {
  const directory = mkdtempSync(join(tmpdir(), `pvw-${deadPid()}-`));
  const prefix = join(directory, 'nginx-1');
  mkdirSync(prefix);
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  const http = `http { access_log off; ${paths.join(' ')} server { listen 127.0.0.1:${port}; } }`;
  writeFileSync(join(prefix, 'nginx.conf'), `daemon off; pid pid; error_log error.log; events {} ${http}`);
  const master = spawn(findCommand('nginx')!, ['-p', prefix, '-c', 'nginx.conf'], { cwd: prefix, stdio: 'ignore' });
  const workers = () => processIds().filter((pid) => pid !== master.pid && workingDirectory(pid) === prefix);
  while (workers().length === 0) await sleep(10);
  const [worker] = workers();
  master.kill('SIGKILL');
  await once(master, 'exit');
  assert.deepEqual(workers(), [worker], 'nobody told it to end');
  const found = sweepLeftovers();
  assert.ok(found.processes.includes(worker!));
  assert.ok(found.directories.includes(directory));
  while (workers().length > 0) await sleep(10);
  assert.ok(!existsSync(directory));
});
