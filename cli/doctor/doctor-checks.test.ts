import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cores,
  ephemeralPorts,
  findings,
  idleCores,
  memory,
  memoryLimit,
  nodeVersion,
  openFiles,
} from './doctor-checks.ts';

const plenty = { openFiles: 20_000, ephemeralPorts: 28_232, memoryBytes: Number.POSITIVE_INFINITY };

test('Node.js 20.19 is the oldest version that passes', () => {
  assert.deepEqual(
    ['18.20.0', '20.18.9', '20.19.0', '22.1.0'].map((version) => nodeVersion(version).level),
    ['fail', 'fail', 'ok', 'ok'],
  );
});

test('one core, little memory, cores that sleep, few open files and few ports each give a warning with advice', () => {
  const poor = [
    cores(1, null),
    cores(4, 1.5),
    ...memoryLimit(100_000_000),
    memory(500_000_000),
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
  const what = 'memory limit of the control group 1024 MiB (docker run --memory sets it)';
  assert.deepEqual(memoryLimit(2 ** 30), [{ level: 'ok', what }]);
});

test('the open-files limit is shown as clients, with the command that sets it, whatever the ports', () => {
  const shown = {
    level: 'ok',
    what:
      'open files 20000 a process (ulimit -n sets it): up to 19744 clients over WebSocket to one server, ' +
      '9872 that publish over HTTP',
  };
  assert.deepEqual(openFiles(plenty), shown);
  assert.deepEqual(openFiles({ ...plenty, ephemeralPorts: 300 } as { openFiles: number }), shown);
  const unlimited = openFiles({ openFiles: Number.POSITIVE_INFINITY });
  assert.deepEqual(unlimited, { level: 'ok', what: 'open files unlimited: they bound no clients' });
});

test('local ports are shown as clients, with the command that sets them', () => {
  assert.deepEqual(ephemeralPorts(plenty), {
    level: 'ok',
    what:
      '28232 local ports (sysctl net.ipv4.ip_local_port_range sets them): up to 11998 clients over WebSocket ' +
      'to one server',
  });
  assert.match(ephemeralPorts({ ephemeralPorts: 900 }).what, /up to 382 clients/);
});

test('memory is shown as clients, less what a small run takes', () => {
  assert.deepEqual(memory(2 ** 30), {
    level: 'ok',
    what: 'memory 1024 MiB available (free -m shows what is taken): up to about 11000 clients',
  });
  assert.match(memory(100_000_000).what, /^memory 95 MiB .* up to about 0 clients/);
});

test('a finding has advice unless its level is ok', async () => {
  for (const { level, what, advice } of await findings()) {
    assert.equal(advice === undefined, level === 'ok', what);
  }
});
