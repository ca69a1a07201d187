import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openCpuQuota } from './cpu-quota.ts';

/** An empty directory in the place of the system's control groups. */
function emptyMount(t: TestContext): string {
  const mount = mkdtempSync(join(tmpdir(), 'quota-'));
  t.after(() => rmSync(mount, { recursive: true }));
  return mount;
}

/** The directory of the group that a command enters. */
function groupOf({ enter }: { readonly enter: readonly string[] }): string {
  return dirname(enter.at(-1)!);
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}

test('half a CPU, by version 1', (t) => {
  const mount = emptyMount(t);
  mkdirSync(join(mount, 'cpu'));
  const group = groupOf(openCpuQuota(0.5, mount));
  assert.equal(dirname(group), join(mount, 'cpu'));
  assert.deepEqual([read(group, 'cpu.cfs_quota_us'), read(group, 'cpu.cfs_period_us')], ['10000', '20000']);
});

test('half a CPU, by version 2, whose controller is switched on if it is not', (t) => {
  const mount = emptyMount(t);
  writeFileSync(join(mount, 'cgroup.controllers'), 'cpuset cpu io');
  writeFileSync(join(mount, 'cgroup.subtree_control'), 'cpuset io');
  const group = groupOf(openCpuQuota(0.5, mount));
  assert.equal(dirname(group), mount);
  assert.equal(read(group, 'cpu.max'), '10000 20000');
  assert.equal(read(mount, 'cgroup.subtree_control'), '+cpu');
  writeFileSync(join(mount, 'cgroup.subtree_control'), 'cpuset cpu');
  openCpuQuota(0.5, mount);
  assert.equal(read(mount, 'cgroup.subtree_control'), 'cpuset cpu');
});

test('a command runs as it would alone, once it is in the group', (t) => {
  const mount = emptyMount(t);
  mkdirSync(join(mount, 'cpu'));
  const quota = openCpuQuota(0.5, mount);
  const [command, ...words] = [...quota.enter, process.execPath, '-p', 'process.argv[1] + process.pid', 'a "b" $c'];
  const { stdout } = spawnSync(command!, words, { encoding: 'utf8' });
  assert.equal(stdout.trim(), `a "b" $c${read(groupOf(quota), 'cgroup.procs').trim()}`);
});

test('a group is removed when it is closed, and one that a killed run has left by the next', (t) => {
  const mount = emptyMount(t);
  const parent = join(mount, 'cpu');
  const gone = spawnSync(process.execPath, ['--version']).pid;
  mkdirSync(join(parent, `pvw-${gone}-abcdef`), { recursive: true });
  mkdirSync(join(parent, `pvw-${process.ppid}-abcdef`));
  mkdirSync(join(parent, 'other'));
  const group = groupOf(openCpuQuota(0.5, mount));
  assert.deepEqual(
    readdirSync(parent).toSorted(),
    ['other', `pvw-${process.ppid}-abcdef`, group.slice(parent.length + 1)].toSorted(),
  );
});

test('where there are no control groups it says so', (t) => {
  const mount = emptyMount(t);
  assert.throws(() => openCpuQuota(0.5, join(mount, 'nowhere')), /ENOENT/);
  assert.ok(!existsSync(join(mount, 'nowhere')));
});
