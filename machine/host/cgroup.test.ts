import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { type CgroupPlace, readCgroupLimits, readThrottledMs } from './cgroup.ts';

const root = mkdtempSync(join(tmpdir(), 'pvw-cgroup-'));
after(() => rmSync(root, { recursive: true }));

function place(name: string, files: Readonly<Record<string, string>>): CgroupPlace {
  const mount = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(mount, path)), { recursive: true });
    writeFileSync(join(mount, path), `${text}\n`);
  }
  return { membership: join(mount, 'membership'), mount };
}

test('version 2: the tightest limit from the group up to the root', () => {
  const two = place('two', {
    membership: '0::/a/b',
    'a/cpu.max': '150000 100000',
    'a/b/cpu.max': 'max 100000',
    'a/memory.max': 'max',
    'a/b/memory.max': '536870912',
    'a/b/cpu.stat': 'usage_usec 5\nnr_throttled 2\nthrottled_usec 12500',
  });
  assert.deepEqual(readCgroupLimits(two), { cpuCores: 1.5, memoryBytes: 536_870_912 });
  assert.equal(readThrottledMs(two), 12.5);
});

test('version 1: its own files, units and notation for "no limit"', () => {
  const one = place('one', {
    membership: '3:cpu,cpuacct:/job\n2:memory:/job\n0::/',
    'cpu/job/cpu.cfs_quota_us': '200000',
    'cpu/job/cpu.cfs_period_us': '100000',
    'cpu/cpu.cfs_quota_us': '-1',
    'cpu/cpu.cfs_period_us': '100000',
    'cpu/job/cpu.stat': 'nr_periods 9\nnr_throttled 1\nthrottled_time 3000000',
    'memory/job/memory.limit_in_bytes': '9223372036854771712',
  });
  assert.deepEqual(readCgroupLimits(one), { cpuCores: 2, memoryBytes: null });
  assert.equal(readThrottledMs(one), 3);
});

test('reads the root of the mount when a container sees the path of the host', () => {
  const inside = place('inside', { membership: '0::/host/only', 'cpu.max': '50000 100000' });
  assert.deepEqual(readCgroupLimits(inside), { cpuCores: 0.5, memoryBytes: null });
});

test('returns null without control groups', () => {
  const none = place('none', {});
  assert.deepEqual(readCgroupLimits(none), { cpuCores: null, memoryBytes: null });
  assert.equal(readThrottledMs(none), null);
});
