import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessFigures } from '../../results/schema/schema.ts';
import { plainProcess, plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import {
  cpu,
  isServedBySeveral,
  servingCpu,
  servingCpuMs,
  servingCpuPerClient,
  servingNote,
  servingSetUpCpu,
  wherePartOfServing,
} from './cpu-figure.ts';
import { seconds } from './figure.ts';

const scenario = plainScenario;
const roles = ['server', 'server', 'proxy', 'backplane', 'load', 'source', 'relay'] as const;

/** CPU is a power of ten per process, so a sum shows which processes are in it. */
const processes = roles.map((role, index) =>
  plainProcess({ role, cpuWindowMs: 10 ** index, cpuConnectMs: 2 * 10 ** index }),
);
const proxied = plainTrial({ processes });

function onlyOf(...wanted: readonly ProcessFigures['role'][]) {
  return plainTrial({ processes: processes.filter(({ role }) => wanted.includes(role)) });
}

test('serving is nodes, proxy and backplane, and nothing else', () => {
  assert.equal(servingCpuMs(proxied), 1_111);
  assert.equal(servingCpuMs(onlyOf('load', 'source', 'relay')), 0);
});

test('a proxy or a backplane serves beside the nodes; load, source and relay do not', () => {
  assert.equal(isServedBySeveral([onlyOf('server', 'load', 'source', 'relay')]), false);
  assert.equal(isServedBySeveral([onlyOf('server', 'proxy')]), true);
  assert.equal(isServedBySeveral([onlyOf('server', 'backplane')]), true);
  assert.equal(isServedBySeveral([onlyOf('server'), onlyOf('server', 'proxy')]), true);
  assert.equal(isServedBySeveral([]), false);
});

test('CPU of some roles is divided by what is asked for', () => {
  const figure = cpu('Title', 'short', ['load', 'proxy'], 'ms/s', seconds);
  assert.equal(figure.of({ trial: proxied, scenario }), 10_100 / 30);
  assert.equal(figure.of({ trial: onlyOf('server'), scenario }), undefined);
  assert.deepEqual(
    { ...figure, of: 0 },
    { group: 'cpu', title: 'Title', short: 'short', unit: 'ms/s', digits: 3, of: 0 },
  );
  assert.equal(cpu('T', 's', ['load'], 'ms', () => 0).of({ trial: proxied, scenario }), undefined);
});

test('CPU of the serving side has a note on its parts', () => {
  const figure = servingCpu('Title', 'short', 'ms', ({ ledger }) => ledger.received);
  assert.equal(figure.of({ trial: proxied, scenario }), 1_111 / 20_000);
  assert.deepEqual(
    { ...figure, of: 0 },
    { group: 'cpu', title: 'Title', short: 'short', unit: 'ms', digits: 3, note: servingNote, of: 0 },
  );
});

test('CPU of serving per client and minute', () => {
  const figure = servingCpuPerClient('Title', 'short');
  assert.equal(figure.of({ trial: proxied, scenario }), 1_111 / 5);
  assert.deepEqual(
    { ...figure, of: 0 },
    {
      group: 'cpu',
      title: 'Title, per client and minute',
      short: 'short',
      unit: 'ms',
      digits: 3,
      note: servingNote,
      of: 0,
    },
  );
});

test('CPU of connecting is per connection and of all that serves; older records lack it', () => {
  const figure = servingSetUpCpu('Title', 'short');
  assert.equal(figure.of({ trial: proxied, scenario }), 222.2);
  const older = processes.map(({ cpuConnectMs: _, ...process }) => process);
  assert.equal(figure.of({ trial: plainTrial({ processes: older }), scenario }), undefined);
  assert.deepEqual(
    { ...figure, of: 0 },
    { group: 'cpu', title: 'Title', short: 'short', unit: 'ms', digits: 3, note: servingNote, of: 0 },
  );
  const one = [{ ...processes.find(({ role }) => role === 'server')!, cpuConnectMs: 30 }];
  assert.equal(figure.of({ trial: plainTrial({ processes: one }), scenario }), 3);
  const free = processes.map((process) => ({ ...process, cpuConnectMs: 0 }));
  assert.equal(figure.of({ trial: plainTrial({ processes: free }), scenario }), 0);
});

test('a figure of the nodes is known only if others serve too', () => {
  const figure = wherePartOfServing(cpu('Title', 'short', ['server'], 'ms', () => 1));
  assert.equal(figure.of({ trial: proxied, scenario }), 11);
  assert.equal(figure.of({ trial: onlyOf('server', 'load'), scenario }), undefined);
  assert.equal(figure.title, 'Title');
});

test('one process of a role is enough, and none has no figure', () => {
  const of = (role: 'load' | 'relay') =>
    cpu('CPU', 'CPU', [role], 'ms/s', () => 8).of({ trial: plainTrial(), scenario: plainScenario });
  assert.deepEqual([of('load'), of('relay')], [25, undefined]);
});
