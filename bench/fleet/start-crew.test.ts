import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import { memorySite } from '../../testing/fleet/memory-site.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { runTrial } from '../trial/trial.ts';

/** The names of a trial's processes in the order of their start. Asserts that the trial gave all its deliveries. */
async function startedBy(given: Partial<PlannedTrial>, loadCores: number): Promise<readonly string[]> {
  const planned = { scenario: tinyScenario({ clients: 5, channels: 2 }), repeats: 1, durationMs: 1_000, warmupMs: 0 };
  const trial = tinyTrial({ planned, repeat: 1, ...given });
  const site = memorySite();
  const { close, place, ...around } = await site.prepare(trial);
  const { signal } = new AbortController();
  const options = { ...around, place: { ...place, loadCores }, onStage: () => {}, signal };
  const record = await site.time.play(runTrial(trial, options));
  await close();
  assert.ok(record.status === 'completed', JSON.stringify(record));
  const { expected, received, faults } = record.ledger;
  assert.ok(expected > 0 && received === expected && faults.length === 0);
  return site.fleets[0]!.started;
}

test('each core of load has a load process, which shares the clients with the others', async () => {
  assert.deepEqual(await startedBy({}, 1), ['server', 'source', 'load-1']);
  assert.deepEqual(await startedBy({}, 3), ['server', 'source', 'load-1', 'load-2', 'load-3']);
});

test('a plan may ask for more load processes than cores, or for fewer, but there are no more than clients', async () => {
  assert.deepEqual(await startedBy({ loadProcesses: 2 }, 4), ['server', 'source', 'load-1', 'load-2']);
  assert.equal((await startedBy({ loadProcesses: 4 }, 1)).length, 6);
  assert.equal((await startedBy({ loadProcesses: 50 }, 1)).length, 7);
});

test('several nodes are numbered, and have a backplane', async () => {
  const started = await startedBy({ route: { ...directRoute, nodes: 2 } }, 1);
  assert.deepEqual(started.toSorted(), ['backplane', 'load-1', 'server-1', 'server-2', 'source']);
});
