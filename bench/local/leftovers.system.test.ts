import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCommand } from '../../machine/host/system-tools.ts';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import { type Owner, thisProcess } from '../../results/store/owner.ts';
import { findLeftovers, sweepLeftovers } from './leftovers.ts';

/** A process that has ended. */
function deadProcess(): Owner {
  return { pid: spawnSync(process.execPath, ['-e', '']).pid, startTime: '1', namespace: null };
}

/** A directory as this run would have made it. */
function temporaryDirectoryOf(owner: Owner): string {
  const directory = mkdtempSync(join(tmpdir(), `pvw-${owner.pid}-`));
  writeFileSync(join(directory, '.pvw-temporary.json'), JSON.stringify(owner));
  return directory;
}

/** A measured process that ignores everything, in the directory of this run. */
function abandoned(owner: Owner) {
  const directory = temporaryDirectoryOf(owner);
  const program = join(directory, 'server.cjs');
  writeFileSync(program, 'setInterval(() => {}, 1000)');
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  return { directory, child, gone: new Promise<void>((resolve) => child.once('exit', () => resolve())) };
}

test('a stopped process and the directory of a killed run are removed, those of a living run stay', async () => {
  const dead = abandoned(deadProcess());
  const living = abandoned(thisProcess());
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

test('a directory of the user with such a name stays, with whatever is in it', () => {
  const { pid } = deadProcess();
  const own = join(tmpdir(), `pvw-${pid}-baseline`);
  mkdirSync(own);
  // As a run that was killed leaves it in its results.
  writeFileSync(join(own, 'owner.json'), JSON.stringify({ pid, startTime: '1' }));
  writeFileSync(join(own, 'server.cjs'), 'setInterval(() => {}, 1000)');
  const child = spawn(process.execPath, [join(own, 'server.cjs')], { stdio: 'ignore' });
  try {
    const found = sweepLeftovers();
    assert.ok(!found.directories.includes(own) && !found.processes.includes(child.pid!));
    assert.ok(existsSync(join(own, 'owner.json')));
    assert.equal(child.exitCode, null);
  } finally {
    child.kill('SIGKILL');
    rmSync(own, { recursive: true });
  }
});

const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';

test('an NGINX worker without its master and its run is ended', { skip }, async () => {
  const directory = temporaryDirectoryOf(deadProcess());
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
  assert.deepEqual(workers(), [worker], 'it goes on alone');
  const found = sweepLeftovers();
  assert.ok(found.processes.includes(worker!));
  assert.ok(found.directories.includes(directory));
  while (workers().length > 0) await sleep(10);
  assert.ok(!existsSync(directory));
});
