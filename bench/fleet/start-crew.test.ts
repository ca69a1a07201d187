import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadConfig } from '../../clients/load/crowd.ts';
import { directRoute } from '../../network/route/route.ts';
import type { ServerConfig } from '../../servers/main/main.ts';
import { tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import type { Meddle } from '../../testing/fleet/memory-fleet.ts';
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

test('without a proxy clients take the nodes in turn', async () => {
  const ports: (readonly number[])[] = [];
  const meddle: Meddle = ({ name, call, argument }) => {
    if (name === 'load-1' && call === 'start') ports.push((argument as LoadConfig).ports);
  };
  const site = memorySite({ meddle });
  const trial = tinyTrial({ route: { ...directRoute, nodes: 3 } });
  const { close, ...around } = await site.prepare(trial);
  const { signal } = new AbortController();
  await site.time.play(runTrial(trial, { ...around, onStage: () => {}, signal }));
  await close();
  assert.equal(ports[0]!.length, 3);
});

test('local sockets have other names in a trial of the same number, since an ended process leaves its own behind', async () => {
  const paths: string[] = [];
  const meddle: Meddle = ({ name, call, argument }) => {
    if (name === 'server' && call === 'start') paths.push((argument as ServerConfig).backplanePath!);
  };
  const site = memorySite({ meddle });
  const { signal } = new AbortController();
  for (let i = 0; i < 2; i++) {
    const { close, ...around } = await site.prepare(tinyTrial());
    await site.time.play(runTrial(tinyTrial(), { ...around, onStage: () => {}, signal }));
    await close();
  }
  assert.equal(paths.length, 2);
  assert.notEqual(paths[0], paths[1]);
});
