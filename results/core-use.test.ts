import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coreUseOf } from './core-use.ts';
import type { ProcessFigures } from './schema/schema.ts';

const window = { durationMs: 1_000 };

function used(
  role: ProcessFigures['role'],
  core: number | null,
  cpuWindowMs: number,
  name: string = role,
): ProcessFigures {
  return {
    role,
    name,
    core,
    cpuWindowMs,
    cpuDrainMs: 0,
    rssBytes: 0,
    idleRssBytes: 0,
    connectedRssBytes: 0,
    heapBytes: 0,
    externalBytes: 0,
    eventLoopUtilization: 0.99,
  };
}

test('all that share a core count, and event loops do not', () => {
  const processes = [used('load', 0, 500), used('source', 0, 100), used('relay', 0, 50), used('server', 1, 300)];
  const shared = { share: 0.65, names: ['load', 'source', 'relay'] };
  assert.deepEqual(coreUseOf({ processes, hostCpuWindowMs: null, window }), {
    load: shared,
    source: shared,
    server: { share: 0.3, names: ['server'] },
    limit: 'nothing',
  });
});

test('a process that was too busy to be read at the end of the window counts for as long as it was read', () => {
  const server = { ...used('server', 1, 1_500), sampledMs: 1_600 };
  const { server: core } = coreUseOf({ processes: [server, used('proxy', 1, 50)], hostCpuWindowMs: null, window });
  assert.equal(core?.share, 1_500 / 1_600 + 0.05);
});

test('what was spun until an instant is no use of a core', () => {
  const processes = [{ ...used('load', 0, 500), spunMs: 50 }, used('relay', 0, 100)];
  assert.equal(coreUseOf({ processes, hostCpuWindowMs: null, window }).load?.share, 0.45 + 0.1);
});

test('a server that was killed counts for its part of the window, beside the one that took its place', () => {
  const processes = [
    { ...used('server', 1, 200, 'server-1'), sampledMs: 400 },
    { ...used('server', 1, 300, 'server-2'), sampledMs: 600 },
  ];
  assert.equal(coreUseOf({ processes, hostCpuWindowMs: null, window }).server?.share, 0.5);
});

test('the busiest core of a side counts, and a process without a core counts alone', () => {
  const processes = [
    used('load', 0, 200, 'load-1'),
    used('load', 1, 600, 'load-2'),
    used('source', 2, 700),
    used('server', null, 400, 'server-1'),
    used('server', null, 300, 'server-2'),
  ];
  assert.deepEqual(coreUseOf({ processes, hostCpuWindowMs: null, window }), {
    load: { share: 0.6, names: ['load-2'] },
    source: { share: 0.7, names: ['source'] },
    server: { share: 0.4, names: ['server-1'] },
    limit: 'nothing',
  });
});

test('the server is the limit by the CPU of its core, the kernel included', () => {
  const processes = [used('load', 0, 900), used('server', 1, 500), used('proxy', 1, 390)];
  assert.equal(coreUseOf({ processes, hostCpuWindowMs: null, window }).limit, 'nothing');
  const { server, limit } = coreUseOf({ processes, hostCpuWindowMs: 960, window });
  assert.deepEqual([server?.share, limit], [0.96, 'server']);
});

test('a server with a quota is the limit where the quota is used up', () => {
  const processes = [used('load', 0, 600), used('server', 1, 250), used('proxy', 1, 225)];
  const { server, limit } = coreUseOf({ processes, hostCpuWindowMs: 700, serverCpus: 0.5, window });
  assert.deepEqual([server, limit], [{ share: 0.95, names: ['server', 'proxy'] }, 'server']);
});

test('a quota that is wide leaves the core as the limit', () => {
  const processes = [used('server', 1, 500)];
  const { server } = coreUseOf({ processes, hostCpuWindowMs: 960, serverCpus: 0.9, window });
  assert.equal(server?.share, 0.96);
});

test('where both are full the instrument is the limit: what it measured is not the server', () => {
  for (const role of ['load', 'relay', 'source', 'backplane'] as const) {
    const processes = [used(role, 0, 930), used('server', 1, 990)];
    assert.equal(coreUseOf({ processes, hostCpuWindowMs: null, window }).limit, 'instrument', role);
  }
});

test("the kernel's share counts only where the serving side has one core: it is a sum over all of them", () => {
  const nodes = (cores: readonly (number | null)[]) => [
    ...cores.map((core, i) => used('server', core, 300, `server-${i + 1}`)),
    used('load', 0, 100),
  ];
  const serverOf = (processes: readonly ProcessFigures[], hostCpuWindowMs: number) =>
    coreUseOf({ processes: [...processes], hostCpuWindowMs, window });
  assert.equal(serverOf(nodes([3]), 950).server?.share, 0.95);
  assert.equal(serverOf(nodes([3, 3]), 950).server?.share, 0.95);
  assert.equal(serverOf([...nodes([3]), used('proxy', 3, 100)], 950).server?.share, 0.95);
  const { server, limit } = serverOf(nodes([3, 2]), 950);
  assert.deepEqual([server?.share, limit], [0.3, 'nothing']);
  assert.equal(serverOf([...nodes([3]), used('proxy', 2, 400)], 950).server?.share, 0.4);
  assert.equal(serverOf(nodes([null, null]), 950).server?.share, 0.3);
});

test('of several server cores the busiest one is judged', () => {
  const processes = [used('load', 0, 100), used('server', 3, 500, 'server-1'), used('server', 2, 910, 'server-2')];
  const { server, limit } = coreUseOf({ processes, hostCpuWindowMs: 1_500, window });
  assert.deepEqual([server, limit], [{ share: 0.91, names: ['server-2'] }, 'server']);
});
