import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SyntheticOptions, syntheticRun } from '../results/synthetic.ts';
import { syntheticRoutes, withStorm } from '../results/synthetic-routes.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { analyseRun } from './run-analysis.ts';
import { type Storm, stormsOf } from './storms.ts';

const scenarios = syntheticScenarios.slice(0, 1);
const routes = syntheticRoutes.filter(({ name }) => name === 'nginx');

function stormsIn(options: SyntheticOptions): readonly Storm[] {
  return stormsOf(analyseRun(syntheticRun({ scenarios, routes, repeats: 2, ...options })));
}

test('a run without a storm has none', () => {
  assert.deepEqual(stormsIn({}), []);
});

test('each transport has its times back over all repeats, and what resuming brought', () => {
  const [storm, ...others] = stormsIn({ alter: (trial) => withStorm(trial, 200) });
  assert.deepEqual([others.length, storm?.route, storm?.kind], [0, 'nginx', 'node-killed']);
  assert.equal(storm!.rows.length, 4);
  const [polling, , , websocket] = storm!.rows;
  assert.deepEqual([polling!.clientsCut, polling!.missedUpdates, polling!.lost], [400, 800, 0]);
  // Evenly from 300 to 1,800 ms, and from 60 to 360.
  assert.ok(Math.abs(polling!.p50Ms! - 1_050) < 15, `${polling!.p50Ms}`);
  assert.ok(Math.abs(websocket!.lastMs! - 358.5) < 3, `${websocket!.lastMs}`);
  const ms = websocket!.back.map((point) => point.ms);
  assert.deepEqual(
    ms,
    [...ms].sort((a, b) => a - b),
  );
  assert.equal(websocket!.back.at(-1)!.share, 1);
});

test('what was lost is told although its trial is invalid', () => {
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
