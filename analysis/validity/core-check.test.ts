import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessFigures } from '../../results/schema/schema.ts';
import { plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { checkServerCore } from './core-check.ts';

/** A process that used this many seconds of a core in the window of 30 s. */
function on(core: number | null, role: ProcessFigures['role'], name: string, seconds: number): ProcessFigures {
  return plainProcess({ role, name, core, cpuWindowMs: seconds * 1_000 });
}

function textOf(processes: ProcessFigures[], hostCpuWindowMs: number | null = null): string | undefined {
  return checkServerCore(plainTrial({ processes, hostCpuWindowMs }))?.text;
}

test('nodes and NGINX may each be partly idle while the core that they share is full', () => {
  const shared = (proxySeconds: number) => [
    on(1, 'server', 'server-1', 10),
    on(1, 'server', 'server-2', 10),
    on(1, 'proxy', 'nginx', proxySeconds),
  ];
  // 27 s are 90%.
  assert.equal(textOf(shared(7)), undefined);
  assert.deepEqual(checkServerCore(plainTrial({ processes: shared(7.5) })), {
    code: 'core-full',
    severity: 'caution',
    text: "The core that server-1, server-2, nginx share was 92% busy: latency is that of a queue. Lower the rate to see the transport's.",
  });
});

test('only processes pinned to the core of a server count', () => {
  const full = [on(0, 'load', 'load', 29), on(0, 'backplane', 'backplane', 29)];
  assert.equal(textOf([...full, on(1, 'server', 'a', 10), on(1, 'proxy', 'p', 10)]), undefined);
  const unpinned = [on(null, 'server', 'a', 20), on(null, 'proxy', 'p', 20)];
  assert.equal(textOf(unpinned), undefined);
});

test('servers on several cores are judged core by core, also on core 0', () => {
  const first = [on(0, 'server', 'a', 1), on(0, 'proxy', 'p', 1)];
  const second = [on(1, 'server', 'b', 20), on(1, 'server', 'c', 20)];
  assert.match(textOf([...first, ...second])!, /^The core that b, c share was 133% busy/);
  assert.match(textOf([on(0, 'server', 'a', 20), on(0, 'proxy', 'p', 20)])!, /^The core that a, p share/);
});

test('kernel work on that core counts if it was measured', () => {
  const shared = [on(1, 'server', 'a', 5), on(1, 'proxy', 'p', 5)];
  assert.equal(textOf(shared, 27_000), undefined);
  assert.match(textOf(shared, 28_500)!, /was 95% busy/);
  assert.match(textOf([on(1, 'server', 'a', 15), on(1, 'proxy', 'p', 15)], 1_000)!, /was 100% busy/);
});

test('idle processes fill no window, however short', () => {
  const processes = [on(1, 'server', 'a', 0), on(1, 'proxy', 'p', 0)];
  const window = { durationMs: 1, warmupMs: 5_000, warmupOperations: 10_000, drainMs: 1 };
  assert.equal(checkServerCore(plainTrial({ processes, window })), undefined);
});

test('a server with a core of its own is judged by its event loop', () => {
  assert.equal(textOf([on(1, 'server', 'a', 29.9), on(0, 'load', 'l', 1)], 29_900), undefined);
});
