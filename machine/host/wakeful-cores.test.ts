import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canKeepCoresAwake, keepCoresAwake } from './wakeful-cores.ts';

test('asks for a latency of 0 as a 32-bit integer', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-awake-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const device = join(directory, 'device');
  writeFileSync(device, '');
  assert.equal(canKeepCoresAwake(device), true);
  const kept = keepCoresAwake(device);
  assert.deepEqual(readFileSync(device), Buffer.alloc(4));
  kept?.close();
  assert.throws(() => kept?.close(), { code: 'EBADF' });
});

test('returns undefined when the system refuses a write that the permissions allow', () => {
  assert.equal(canKeepCoresAwake(tmpdir()), false);
  assert.equal(keepCoresAwake(tmpdir()), undefined);
});

test('returns undefined without the device', () => {
  assert.equal(canKeepCoresAwake('/nowhere/device'), false);
  assert.equal(keepCoresAwake('/nowhere/device'), undefined);
});
