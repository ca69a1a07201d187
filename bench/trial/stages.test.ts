import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute, type Route } from '../../network/route/route.ts';
import type { CompletedTrial, TrialRecord } from '../../results/schema/schema.ts';
import { tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import { type MemoryOptions, playTrial } from '../../testing/fleet/memory-site.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { isUndelivered } from './explain-failure.ts';

const planned = { scenario: tinyScenario(), repeats: 3, durationMs: 2_000, warmupMs: 0 };
const trial = tinyTrial({ planned, repeat: 1 });
const latest = { ...trial, planned: { ...planned, scenario: tinyScenario({ semantics: 'latest' }) } };
const behindProxy: Route = {
  ...directRoute,
  proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null },
  nodes: 2,
};

async function completed(options: MemoryOptions, given: PlannedTrial = trial): Promise<CompletedTrial> {
  const { record } = await playTrial(given, options);
  assert.ok(record.status === 'completed', JSON.stringify(record));
  return record;
}

function reasonIn(record: TrialRecord): string {
  assert.ok(record.status === 'failed');
  return `${record.stage}: ${record.reason}`;
}

test('an update that never arrives is lost, after waiting up to the deadline of the drain', async () => {
  const arrivals = { kind: 'trace', instantsMs: [100, 400, 700], lengthMs: 1_000 } as const;
  const record = await completed(
    { fate: ({ client, version }) => (client === 2 && version === 6 ? 'lost' : 'delivered') },
    { ...trial, planned: { ...planned, scenario: tinyScenario({ arrivals }) } },
  );
  const { expected, received, lost, faults } = record.ledger;
  assert.deepEqual([expected, received, lost], [18, 17, 1]);
  assert.deepEqual(faults, ['client 2, channel 0: 1 lost']);
  // One polling interval and 15 s.
  assert.equal(record.window.drainMs, 15_500);
  // From 1,700 ms to the end of the window nothing newer came.
  assert.equal(record.staleFraction, (18_000 - 1_000 + 300_000) / (2_000_000 * 3));
});

test('an update in the middle that is jumped over is lost', async () => {
  const record = await completed({
    fate: ({ client, version }) => (client === 1 && version === 3 ? 'lost' : 'delivered'),
  });
  assert.deepEqual(record.ledger.faults, ['client 1, channel 1: 1 lost']);
  assert.equal(record.window.drainMs, 0);
});

test('an update that arrives twice is a duplicate', async () => {
  const record = await completed({
    fate: ({ client, version }) => (client === 0 && version === 2 ? 'twice' : 'delivered'),
  });
  assert.deepEqual(record.ledger.faults, ['client 0, channel 0: 1 duplicated']);
  assert.deepEqual([record.ledger.received, record.ledger.duplicated], [18, 1]);
});

test('an update left out on purpose is conflated under latest, and a fault under every', async () => {
  const fate: MemoryOptions['fate'] = ({ client, version }) =>
    client === 0 && version === 2 ? 'conflated' : 'delivered';
  const { ledger } = await completed({ fate }, latest);
  assert.deepEqual([ledger.faults, ledger.conflated, ledger.received], [[], 1, 17]);
  const { ledger: every } = await completed({ fate });
  assert.deepEqual(every.faults, [
    'client 0, channel 0: 1 conflated where every update counts; 1 versions jumped over that were never given',
  ]);
});

test('under latest, an update left out without being counted is a fault', async () => {
  const fate: MemoryOptions['fate'] = ({ client, version }) => (client === 0 && version === 2 ? 'lost' : 'delivered');
  const { ledger } = await completed({ fate }, latest);
  assert.deepEqual(ledger.faults, [
    'client 0, channel 0: 1 left out without being counted: silently conflated or lost',
  ]);
});

test('a client that is behind after the warm-up fails the trial before its window', async () => {
  const { record } = await playTrial(
    { ...trial, planned: { ...planned, warmupMs: 100 } },
    { fate: ({ client }) => (client === 1 ? 'lost' : 'delivered') },
  );
  assert.equal(reasonIn(record), 'quiet: 1 clients were not up to date after the warm-up');
});

test('counters that never stand still fail the trial after 20 s', async () => {
  const { record, site } = await playTrial(trial, {
    meddle: ({ call, fleet }) => {
      // An update is published whenever the counters are read.
      if (call === 'counters') fleet.world.publish(0, -1);
    },
  });
  assert.equal(reasonIn(record), 'connect: counters still move after 20000 ms');
  assert.ok(site.time.nowUs > 20e6 && site.time.nowUs < 21e6);
});

for (const [after, stage] of [
  ['drain', 'quiet'],
  ['begin', 'drain'],
] as const) {
  test(`counters that never stand still in ${stage} mean that updates were not delivered in time`, async () => {
    let isMoving = false;
    const { record } = await playTrial(
      { ...trial, planned: { ...planned, warmupMs: 100 } },
      {
        meddle: ({ call, fleet }) => {
          isMoving ||= call === after;
          if (isMoving && call === 'counters') fleet.world.publish(0, -1);
        },
      },
    );
    assert.equal(reasonIn(record), `${stage}: counters still move after 20000 ms`);
    assert.ok(record.status === 'failed' && isUndelivered(record));
  });
}

test('the clients of a killed server come back to the others and miss nothing', async () => {
  const given = { ...trial, route: behindProxy, storm: 'node-killed' as const };
  const { record, fleet } = await playTrial(given);
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.deepEqual(fleet.killed, ['server-2']);
  const { backMs, ...storm } = record.storm!;
  // A third of the window; client 1 was on the second server, and is back after 2 ms.
  assert.deepEqual(storm, {
    kind: 'node-killed',
    atMs: 666.667,
    clientsCut: 1,
    caughtUpMs: 2,
    clientsBehind: 0,
    missedUpdates: 0,
    connectionsMade: 1,
  });
  assert.deepEqual([backMs.count, backMs.meanMs], [1, 2]);
  assert.deepEqual(record.ledger.faults, []);
  assert.equal(record.counts.reconnects, 1);
  assert.deepEqual(record.proxy!.clientsByNode, [2, 1]);
  assert.deepEqual(
    record.processes.map(({ name }) => name),
    ['server-1', 'load-1', 'source', 'backplane', 'nginx', 'server-2'],
  );
  const killed = record.processes.at(-1)!;
  assert.ok(Math.abs(killed.cpuWindowMs - 0.25 * 666.667) < 1e-9, 'what it used until it was killed');
});

test('a reloaded proxy cuts all clients, also in the middle of a delivery', async () => {
  // Intended at 666.5 ms, cut at a third of the window, accepted at 666.8 ms.
  const scenario = tinyScenario({ arrivals: { kind: 'trace', instantsMs: [100, 666.5], lengthMs: 1000 } });
  const given = { ...trial, planned: { ...planned, scenario }, route: behindProxy, storm: 'proxy-reloaded' as const };
  const { backMs, ...storm } = (await completed({}, given)).storm!;
  assert.deepEqual([storm.kind, storm.clientsCut, storm.connectionsMade], ['proxy-reloaded', 3, 3]);
  assert.deepEqual([backMs.count, backMs.meanMs], [3, 2]);
  assert.deepEqual([storm.missedUpdates, storm.clientsBehind, storm.caughtUpMs], [3, 0, 2]);
});

test('several servers, a backplane and a proxy: the order comes from the backplane', async () => {
  const record = await completed({}, { ...trial, route: behindProxy });
  assert.deepEqual([record.ledger.faults, record.ledger.received], [[], 18]);
  assert.deepEqual(record.proxy!.clientsByNode, [2, 1]);
  assert.equal(record.updates.accepted, 12);
});

test('over a relay the bytes of the relay are counted too', async () => {
  const { bytes, processes } = await completed({}, { ...trial, rttMs: 40 });
  assert.ok(processes.some(({ name }) => name === 'relay-1'));
  assert.deepEqual([bytes.relayUpBytes, bytes.relayDownBytes], [bytes.serverReadBytes, bytes.serverWrittenBytes]);
});
