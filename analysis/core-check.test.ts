import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, ProcessFigures } from '../results/schema.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { syntheticRoutes } from '../results/synthetic-routes.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { trialWarnings } from './validity.ts';

// Long enough that every percentile is known.
const { trials } = syntheticRun({
  scenarios: syntheticScenarios.slice(0, 1),
  repeats: 1,
  durationMs: 300_000,
  transports: ['websocket'],
  routes: syntheticRoutes,
});

function over(name: string): CompletedTrial {
  return trials[syntheticRoutes.findIndex((route) => route.name === name)] as CompletedTrial;
}

function codesOf(trial: CompletedTrial): readonly string[] {
  return trialWarnings(trial).map(({ code, severity }) => `${severity} ${code}`);
}

/** The share of a core that each process of a role used. */
function using(
  trial: CompletedTrial,
  shares: Partial<Readonly<Record<ProcessFigures['role'], number>>>,
): CompletedTrial {
  const processes = trial.processes.map((each) => ({
    ...each,
    cpuWindowMs: (shares[each.role] ?? 0) * trial.window.durationMs,
  }));
  return { ...trial, processes };
}

test('good trials have no warnings over any path', () => {
  for (const { name } of syntheticRoutes) assert.deepEqual(codesOf(over(name)), [], name);
});

test('nodes and NGINX may each have time left while the core that they share has none', () => {
  const full = using(over('nginx-2-nodes'), { server: 0.35, proxy: 0.21 });
  assert.deepEqual(codesOf(full), ['caution core-full']);
  assert.match(trialWarnings(full)[0]!.text, /^The core that server-1, server-2, nginx share was 91% busy: .*[.]$/);
  assert.deepEqual(codesOf(using(over('nginx'), { server: 0.5, proxy: 0.41 })), ['caution core-full']);
  assert.deepEqual(codesOf(using(over('nginx-2-nodes'), { server: 0.35, proxy: 0.19 })), []);
});

test('only what is pinned to that core counts', () => {
  assert.deepEqual(codesOf(using(over('nginx-2-nodes'), { server: 0.35, proxy: 0.19, backplane: 0.5, load: 0.8 })), []);
  const full = using(over('nginx-2-nodes'), { server: 0.35, proxy: 0.3 });
  const unpinned = { ...full, processes: full.processes.map((each) => ({ ...each, core: null })) };
  assert.deepEqual(codesOf(unpinned), []);
});

test('the work of the kernel on that core counts where it was measured', () => {
  const busy = (trial: CompletedTrial, share: number) => ({
    ...trial,
    hostCpuWindowMs: share * trial.window.durationMs,
  });
  assert.deepEqual(codesOf(busy(over('nginx'), 0.91)), ['caution core-full']);
  assert.deepEqual(codesOf(busy(over('nginx'), 0.89)), []);
});

test('a server that has the core for itself is judged by its event loop', () => {
  assert.deepEqual(codesOf(using({ ...over('direct'), hostCpuWindowMs: 299_000 }, { server: 0.95 })), []);
});
