import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cores, ephemeralPorts, findings, idleCores, nodeVersion, openFiles } from './doctor-checks.ts';

const plenty = { openFiles: 20_000, ephemeralPorts: 28_232 };

test('Node 20.19 is the oldest that will do', () => {
  assert.deepEqual(
    ['18.20.0', '20.18.9', '20.19.0', '22.1.0'].map((version) => nodeVersion(version).level),
    ['fail', 'fail', 'ok', 'ok'],
  );
});

test('one core, cores that sleep, few files and few ports are warned about, with what to do', () => {
  const poor = [
    cores(1),
    idleCores(false),
    openFiles({ ...plenty, openFiles: 300 }),
    ephemeralPorts({ ...plenty, ephemeralPorts: 900 }),
  ];
  for (const { level, advice } of poor) {
    assert.equal(level, 'warn');
    assert.ok(advice);
  }
});

test('the open-files limit is told in clients per transport', () => {
  assert.deepEqual(openFiles(plenty), {
    level: 'ok',
    what:
      'open files 20000: clients that publish and fit: ' +
      'short-polling 9872, long-polling 9872, sse 9872, websocket 19744',
  });
  assert.match(openFiles({ ...plenty, openFiles: Number.POSITIVE_INFINITY }).what, /^open files unlimited: /);
});

test('what is not well says what to do', async () => {
  for (const { level, what, advice } of await findings()) {
    assert.equal(advice === undefined, level === 'ok', what);
  }
});
