import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes, withStorm } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { analyseRun } from '../comparison/run-analysis.ts';
import { type Storm, stormsOf } from './storms.ts';

const scenarios = syntheticScenarios.slice(0, 1);
const routes = syntheticRoutes.filter(({ name }) => name === 'nginx');

function stormsIn(options: SyntheticOptions): readonly Storm[] {
  return stormsOf(analyseRun(syntheticRun({ scenarios, routes, repeats: 2, ...options })));
}

test('a run without a storm has none', () => {
  assert.deepEqual(stormsIn({}), []);
});

test('each transport has its return times over all repeats, and what it missed', () => {
  const [storm, ...others] = stormsIn({ alter: (trial) => withStorm(trial, 200) });
  assert.deepEqual([others.length, storm?.route, storm?.kind], [0, 'nginx', 'node-killed']);
  assert.equal(storm!.rows.length, 4);
  const [polling, , , websocket] = storm!.rows;
  assert.deepEqual([polling!.clientsCut, polling!.missedUpdates, polling!.lost], [400, 800, 0]);
  // Return times are even from 300 to 1,800 ms, and from 60 to 360 ms.
  assert.ok(Math.abs(polling!.p50Ms! - 1_050) < 15, `${polling!.p50Ms}`);
  assert.ok(Math.abs(websocket!.lastMs! - 358.5) < 3, `${websocket!.lastMs}`);
  const ms = websocket!.back.map((point) => point.ms);
  assert.deepEqual(
    ms,
    [...ms].sort((a, b) => a - b),
  );
  assert.equal(websocket!.back.at(-1)!.share, 1);
});

test('lost updates are reported although their trial is invalid', () => {
  const [storm] = stormsIn({
    alter: (trial) => ({
      ...withStorm(trial, 200),
      ledger: { ...trial.ledger, lost: trial.transport === 'sse' ? 3 : 0 },
    }),
  });
  assert.deepEqual(
    storm!.rows.map(({ lost }) => lost),
    [0, 0, 6, 0],
  );
});

test('figures cover the clients of all repeats: how many were cut, and the connections they made', () => {
  const [storm] = stormsIn({ alter: (trial) => withStorm(trial, 80) });
  const [polling] = storm!.rows;
  assert.deepEqual([polling!.clientsCut, polling!.clients, polling!.connectionsMade], [160, 400, 160]);
  assert.deepEqual([polling!.neverBack, polling!.behind], [0, 0]);
  assert.ok(Math.abs(polling!.caughtUpMs! - 1_840) < 1);
});

test('clients that did not come back have no time, and one that never caught up leaves no time for all', () => {
  const [storm] = stormsIn({
    alter: (trial) => {
      const cut = withStorm(trial, 80);
      const some = { ...cut.storm!, clientsCut: 83, clientsBehind: 3, caughtUpMs: null };
      return trial.block === 0 ? { ...cut, storm: some } : cut;
    },
  });
  for (const { neverBack, behind, caughtUpMs, back } of storm!.rows) {
    assert.deepEqual([neverBack, behind, caughtUpMs], [3, 3, undefined]);
    assert.equal(back.at(-1)!.share, 1);
  }
});

test('failed trials are counted if a storm was planned, also if none completed', () => {
  const planned = (options: SyntheticOptions) => {
    const run = syntheticRun({ scenarios, routes, repeats: 2, ...options });
    const plan = { ...run.record.plan, storm: 'proxy-reloaded' as const };
    return stormsOf(analyseRun({ ...run, record: { ...run.record, plan } }));
  };
  const [some] = planned({
    alter: (trial) =>
      trial.transport === 'sse' && trial.block === 0 ? failedFrom(trial, 'drain', 'died') : withStorm(trial, 80),
  });
  assert.deepEqual(some!.failures, [{ transport: 'sse', failed: 1, planned: 2 }]);
  assert.deepEqual(
    some!.rows.map(({ trials }) => trials.length),
    [2, 2, 1, 2],
  );
  const [none] = planned({ alter: (trial) => failedFrom(trial, 'connect', 'died') });
  assert.deepEqual(
    [none!.kind, none!.rows.length, none!.failures.length, none!.atMs],
    ['proxy-reloaded', 0, 4, undefined],
  );
  assert.deepEqual(planned({ ended: 0 }), []);
});
