import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { paceOf, paceScatter, serverTaskUs, taskCpuUs } from './server-pace.ts';

/** A trial in which the small task took this many microseconds on the server's core. */
function taking(medianUs: number, core: number | null = 1): CompletedTrial {
  const task = { count: 100, cpuMs: 1 };
  return plainTrial({
    processes: [plainProcess({ role: 'load', core: 0 }), plainProcess({ role: 'server', core })],
    noise: {
      stealShare: null,
      strangerShare: null,
      throttledMs: null,
      spins: [],
      tasks: [
        { ...task, core: 0, medianUs: 999 },
        { ...task, core: 1, medianUs },
        { ...task, core: null, medianUs: 888 },
      ],
    },
  });
}

test("the task is that of the server's core", () => {
  assert.equal(serverTaskUs(taking(80)), 80);
  assert.equal(serverTaskUs(taking(80, 0)), 999);
});

test('without pinning or measurements there is no task', () => {
  assert.equal(serverTaskUs(taking(80, null)), undefined);
  assert.equal(serverTaskUs(taking(80, 2)), undefined);
  assert.equal(serverTaskUs(plainTrial({ processes: [plainProcess({ role: 'server', core: 1 })] })), undefined);
  assert.equal(serverTaskUs({ ...taking(80), processes: [plainProcess({ role: 'load', core: 1 })] }), undefined);
});

test('CPU time of a task is that of all cores together', () => {
  const usual = taking(80);
  const withTasks = (...tasks: readonly (readonly [count: number, cpuMs: number | null])[]) =>
    taskCpuUs({
      ...usual,
      noise: { ...usual.noise!, tasks: tasks.map(([count, cpuMs], core) => ({ core, count, cpuMs, medianUs: 5 })) },
    });
  assert.ok(Math.abs(withTasks([100, 10], [50, 20])! - 200) < 1e-9);
  assert.ok(Math.abs(withTasks([100, 10], [50, null], [0, 0])! - 100) < 1e-9);
  assert.equal(withTasks([100, null]), undefined);
  assert.equal(taskCpuUs(plainTrial()), undefined);
});

test('the pace of several is their geometric mean', () => {
  assert.ok(Math.abs(paceOf([taking(50), taking(200), taking(80, null)])! - 100) < 1e-9);
  assert.equal(paceOf([taking(80, null)]), undefined);
  assert.equal(paceOf([]), undefined);
});

function scatterOf(...series: readonly (readonly number[])[]): number | undefined {
  return paceScatter(series.map((values) => values.map((us) => taking(us))));
}

test('the scatter is that within the series, pooled over all series', () => {
  // Logs −1, 0, 1 and −1, 1, whatever their means: squares 2 and 2 over degrees 2 and 1.
  const e = Math.E;
  const found = scatterOf([10 / e, 10, 10 * e], [500 / e, 500 * e])!;
  assert.ok(Math.abs(found - (Math.exp(Math.sqrt(4 / 3)) - 1)) < 1e-9, `${found}`);
  assert.equal(scatterOf([80, 80, 80, 80]), 0);
});

test('with fewer than three degrees of freedom the scatter is not known', () => {
  assert.equal(scatterOf([80, 90, 100]), undefined);
  assert.notEqual(scatterOf([80, 90, 100, 110]), undefined);
  assert.equal(scatterOf([80, 90], [80, 90]), undefined);
  assert.notEqual(scatterOf([80, 90], [80, 90], [80, 90]), undefined);
  assert.equal(scatterOf([80, 90, 100], [80], [90]), undefined);
});

test('a series without a repeat takes nothing away from what the others tell', () => {
  assert.ok(scatterOf([80, 90, 80, 90]) !== undefined);
  assert.equal(scatterOf([80, 90, 80, 90], []), scatterOf([80, 90, 80, 90]));
});

test('the pace of many trials: their product is more than a number can hold', () => {
  const found = paceOf(Array.from({ length: 400 }, (_, place) => taking(place % 2 === 0 ? 100 : 900)));
  assert.ok(Math.abs(found! - 300) < 1e-6, String(found));
});
