import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialChecks } from '../../analysis/validity/trial-checks.ts';
import { allowedCores } from '../../machine/host/allowed-cores.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { type TrialRecord, trialRecord } from '../../results/schema/schema.ts';
import { findScenario, scenarios } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import { shortTrial } from '../../testing/trials/short-trial.ts';
import { bundlePrograms } from '../local/bundle.ts';
import { createLocalFleet } from '../local/local-fleet.ts';
import { openLocalSite, runLocally } from '../local/local-site.ts';
import { choosePinning, type Pinning, unpinned } from '../local/pinning.ts';
import { runAt } from '../trial/run.ts';

// Read before a run moves this process off the server's core.
const cores = allowedCores();

type Asked = {
  readonly scenarios: readonly Scenario[];
  readonly transports: readonly Transport[];
  /** 0: without a relay. */
  readonly rttMs: number;
};

async function runOnce(asked: Asked, pinning: Pinning): Promise<TrialRecord[]> {
  const records: TrialRecord[] = [];
  await runLocally(
    {
      plan: {
        profile: 'smoke',
        seed: 'system-test',
        transports: asked.transports,
        rttMs: asked.rttMs,
        scenarios: asked.scenarios.map((scenario) => ({
          // Sparse scenarios would make a test wait for a polling interval.
          scenario: {
            ...scenario,
            pollIntervalMs: Math.min(500, scenario.pollIntervalMs),
            ...(scenario.pollCohortsMs && { pollCohortsMs: [100, 250, 500] }),
          },
          repeats: 1,
          durationMs: 1000,
          warmupMs: 100,
        })),
      },
      store: {
        append: (record) => {
          records.push(record);
        },
      },
      onProgress: () => {},
      signal: new AbortController().signal,
    },
    pinning,
  );
  return records;
}

test('every scenario runs over every transport with real processes, its ledger balances, its record is valid', async () => {
  // With a relay for two of them: clients publish the updates of one, a source those of the other.
  const delayed = scenarios.filter(({ name }) => ['chat-room', 'ticker'].includes(name));
  const direct = scenarios.filter((scenario) => !delayed.includes(scenario));
  const records = [
    ...(await runOnce({ scenarios: delayed, transports, rttMs: 10 }, unpinned)),
    ...(await runOnce({ scenarios: direct, transports, rttMs: 0 }, unpinned)),
  ];
  assert.equal(records.length, scenarios.length * transports.length);
  for (const record of records) {
    assert.equal(record.status, 'completed', `${record.scenario} ${record.transport} ${JSON.stringify(record)}`);
    assert.ok(record.status === 'completed');
    trialRecord.parse(record);
    const { ledger, updates, bytes } = record;
    assert.deepEqual(ledger.faults, [], `${record.scenario} ${record.transport}`);
    assert.equal(updates.accepted, updates.intended);
    assert.equal(updates.acceptedInputs, updates.intendedInputs);
    const { whole } = bytes;
    const { clientWrittenBytes: up, clientReadBytes: down } = whole;
    const relayed = delayed.some(({ name }) => name === record.scenario);
    assert.deepEqual([whole.serverReadBytes, whole.serverWrittenBytes], [up, down]);
    assert.deepEqual([whole.relayUpBytes, whole.relayDownBytes], relayed ? [up, down] : [null, null]);
    assert.ok(bytes.down.framingBytes >= 0 && bytes.up.framingBytes >= 0);
    assertSpecimen(record);
    // These two hold even on a busy machine.
    const codes = trialChecks.flatMap((check) => check(record)?.code ?? []);
    assert.ok(!codes.includes('littles-law') && !codes.includes('contradiction'), codes.join());
    // In a sparse scenario nothing may be due in so short a window.
    assert.equal(record.outstandingMs! > 0, record.ledger.received > 0, `${record.outstandingMs} ms under way`);
    assert.equal(typeof record.clockUncertaintyUs, 'number');
    assert.equal(record.noise!.spins.length, Math.min(8, cores.length));
    assert.equal(record.noise!.tasks!.length, Math.min(8, cores.length));
  }
  assertSameUpdates(records);
  const cohorts = records.filter((record) => record.status === 'completed' && record.cohorts.length > 0);
  assert.equal(cohorts.length, 1);
  for (const record of cohorts) assertCohortsAddUp(record);
});

/** One seed asks for the same updates over every transport. */
function assertSameUpdates(records: readonly TrialRecord[]): void {
  for (const { name } of scenarios) {
    const ofScenario = records.filter(({ scenario }) => scenario === name);
    const counts = ofScenario.map((record) => record.status === 'completed' && record.updates.intended);
    assert.equal(new Set(counts).size, 1, `${name}: ${counts}`);
  }
}

/** A specimen begins with a request or handshake; if updates are delivered, the newest state is in what comes down. */
function assertSpecimen(record: TrialRecord): void {
  assert.ok(record.status === 'completed' && record.specimen);
  const [first, second] = record.specimen;
  assert.equal(first!.direction, 'up');
  assert.match(
    Buffer.from(first!.pieces[0]!.base64, 'base64').toString('latin1'),
    /^GET \/\w+\?channel=0&client=\d+ HTTP\/1\.1\r\n/,
  );
  assert.equal(second!.direction, 'down');
  assert.match(Buffer.from(second!.pieces[0]!.base64, 'base64').toString('latin1'), /^HTTP\/1\.1 (101|200|204) /);
  if (record.updates.accepted === 0) return;
  const layers = record.specimen.flatMap(({ pieces }) => pieces.map(({ layer }) => layer));
  assert.ok(layers.includes('update'), `${record.scenario} ${record.transport}: ${layers}`);
}

/** Bytes are counted per client and cohort; together the cohorts match the sockets of all clients. */
function assertCohortsAddUp(record: TrialRecord): void {
  assert.ok(record.status === 'completed');
  const { cohorts, bytes, counts } = record;
  const total = (of: (cohort: (typeof cohorts)[number]) => number) => cohorts.reduce((sum, each) => sum + of(each), 0);
  const { down, up } = bytes;
  assert.deepEqual(
    cohorts.map(({ pollIntervalMs }) => pollIntervalMs),
    [100, 250, 500],
  );
  assert.equal(
    total((cohort) => cohort.requests),
    counts.requests - counts.drainRequests,
  );
  assert.equal(
    total((cohort) => cohort.down.encodedUpdateBytes),
    down.encodedUpdateBytes - down.surplusUpdateBytes,
  );
  assert.equal(
    total((cohort) => cohort.down.framingBytes),
    down.framingBytes - down.drainFramingBytes,
  );
  assert.equal(
    total((cohort) => cohort.up.framingBytes),
    up.framingBytes - up.drainFramingBytes,
  );
}

const small: Scenario = { ...findScenario('chat-room')!, clients: 4 };

test('a second run in the same process is pinned like the first', async () => {
  const placed: (readonly string[])[] = [];
  for (let run = 0; run < 2; run++) {
    const [record] = await runOnce({ scenarios: [small], transports: ['sse'], rttMs: 10 }, choosePinning());
    assert.ok(record?.status === 'completed');
    placed.push(record.processes.map(({ role, core }) => `${role} on ${core}`));
  }
  assert.deepEqual(placed[1], placed[0]);
  assert.deepEqual(allowedCores(), cores);
});

test('a trial of the same number can follow at one site: nothing of the first is in its way', async () => {
  const site = await openLocalSite({ network: 'loopback' }, unpinned);
  // A source comes with a local socket.
  const planned = { scenario: findScenario('ticker')!, repeats: 1, durationMs: 500, warmupMs: 0 };
  const trial = tinyTrial({ planned, transport: 'websocket', repeat: 1 });
  const { signal } = new AbortController();
  try {
    for (let i = 0; i < 2; i++) {
      const record = await runAt(site, trial, { onStage: () => {}, signal });
      assert.ok(record.status === 'completed', JSON.stringify(record));
    }
  } finally {
    await site.close();
  }
});

test('load and relay are sharded if a process may open few files, and everything still adds up', async () => {
  const scenario = { ...findScenario('online-game')!, clients: 60 };
  const bundle = await bundlePrograms();
  // What is left beyond the reserve holds 44 connections: 22 clients of a transport that publishes on a second one.
  const openFiles = 300;
  const asked = { scenario, transport: 'sse', rttMs: 10, warmupMs: 300, openFiles } as const;
  const record = await shortTrial(bundle, asked).finally(bundle.remove);
  assert.ok(record.status === 'completed', JSON.stringify(record));
  const named = (role: string) => record.processes.filter((each) => each.role === role).map(({ name }) => name);
  assert.deepEqual(named('load'), ['load-1', 'load-2', 'load-3']);
  assert.equal(named('relay').length, 6);
  assert.deepEqual(record.ledger.faults, []);
  assert.equal(record.counts.connections, 120);
  assert.equal(record.updates.acceptedInputs, record.updates.intendedInputs);
  const { whole } = record.bytes;
  assert.deepEqual([whole.serverReadBytes, whole.relayUpBytes], [whole.clientWrittenBytes, whole.clientWrittenBytes]);
});

test('a process that ends by itself is reported with its last output', async () => {
  const bundle = await bundlePrograms();
  const fleet = createLocalFleet(bundle.programs, choosePinning());
  try {
    const server = await fleet.start('server', 'server');
    const asked = server.ask('start', { channels: -1 } as never);
    await assert.rejects(asked, /server: /);
    await assert.rejects(server.ask('ledger'), /server: server: not started/);
    const source = await fleet.start('source', 'source');
    await assert.rejects(
      source.ask('start', { epoch: { seconds: 0, nanoseconds: 0 }, backplanePath: '/nowhere/at-all.sock' }),
      /source: connect ENOENT/,
    );
  } finally {
    await fleet.stop();
    await bundle.remove();
  }
});
