import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cores, ephemeralPorts, findings, idleCores, memoryLimit, nodeVersion, openFiles } from './doctor-checks.ts';

const plenty = { openFiles: 20_000, ephemeralPorts: 28_232 };

test('Node.js 20.19 is the oldest version that passes', () => {
  assert.deepEqual(
    ['18.20.0', '20.18.9', '20.19.0', '22.1.0'].map((version) => nodeVersion(version).level),
    ['fail', 'fail', 'ok', 'ok'],
  );
});

test('one core, idle cores that sleep, few open files and few ports each give a warning with advice', () => {
  const poor = [
    cores(1, null),
    cores(4, 1.5),
    ...memoryLimit(100_000_000),
    idleCores(false),
    openFiles({ ...plenty, openFiles: 300 }),
    ephemeralPorts({ ...plenty, ephemeralPorts: 900 }),
  ];
  for (const { level, advice } of poor) {
    assert.equal(level, 'warn');
    assert.ok(advice);
  }
});

test('limits of the control group are shown', () => {
  assert.deepEqual(cores(2, 2), { level: 'ok', what: '2 cores' });
  assert.equal(cores(4, 0.5).what, '4 cores, of which the control group allows 0.5');
  assert.deepEqual(memoryLimit(null), []);
  assert.deepEqual(memoryLimit(2 ** 30), [{ level: 'ok', what: 'memory limit of the control group 1024 MiB' }]);
});

test('the open-files limit is shown as clients per transport', () => {
  assert.deepEqual(openFiles(plenty), {
    level: 'ok',
    what:
      'open files 20000: clients that publish and fit: ' +
      'short-polling 9872, long-polling 9872, sse 9872, websocket 19744',
  });
  assert.match(openFiles({ ...plenty, openFiles: Number.POSITIVE_INFINITY }).what, /^open files unlimited: /);
});

test('a finding has advice unless its level is ok', async () => {
  for (const { level, what, advice } of await findings()) {
    assert.equal(advice === undefined, level === 'ok', what);
  }
});
