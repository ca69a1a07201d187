import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transports } from '../protocol/transport.ts';
import { type TrialRecord, trialRecord } from '../results/schema.ts';
import { scenarios } from '../scenarios/catalogue.ts';
import { bundlePrograms } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { runBenchmark } from './run.ts';

async function runOnce(names: readonly string[], clients: number | undefined, rttMs: number): Promise<TrialRecord[]> {
  const records: TrialRecord[] = [];
  const chosen = scenarios.filter(({ name }) => names.includes(name));
  await runBenchmark({
    plan: {
      profile: 'smoke',
      seed: 'system-test',
      transports,
      rttMs,
      scenarios: chosen.map((scenario) => ({
        // Sparse scenarios would make a test wait for a polling interval.
        scenario: {
          ...scenario,
          clients: clients ?? scenario.clients,
          pollIntervalMs: Math.min(500, scenario.pollIntervalMs),
        },
        repeats: 1,
        durationMs: 1000,
        warmupMs: 300,
      })),
    },
    store: {
      append: (record) => {
        records.push(record);
      },
    },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return records;
}

test('every scenario runs over every transport with real processes, its ledger balances, its record is valid', async () => {
  const records = await runOnce(
    scenarios.map(({ name }) => name),
    undefined,
    10,
  );
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
    assert.deepEqual([whole.serverReadBytes, whole.relayUpBytes], [whole.clientWrittenBytes, whole.clientWrittenBytes]);
    assert.deepEqual([whole.serverWrittenBytes, whole.relayDownBytes], [whole.clientReadBytes, whole.clientReadBytes]);
    assert.ok(bytes.down.framingBytes >= 0 && bytes.up.framingBytes >= 0);
  }
});

test('the same seed asks for the same updates over every transport', async () => {
  const records = await runOnce(['chat-room'], 20, 0);
  const counts = records.map((record) => record.status === 'completed' && record.updates.intended);
  assert.equal(new Set(counts).size, 1);
});

test('a process that ends by itself is reported with what it said last', async () => {
  const bundle = await bundlePrograms();
  const fleet = createLocalFleet(bundle.programs, choosePinning());
  try {
    const server = await fleet.start('server', 'server');
    const asked = server.ask('start', { channels: -1 } as never);
    await assert.rejects(asked, /server: /);
    await assert.rejects(server.ask('ledger'), /server: server: not started/);
    const source = await fleet.start('source', 'source');
    await assert.rejects(
      source.ask('start', { epoch: { seconds: 0, nanoseconds: 0 }, backplanePaths: ['/nowhere/at-all.sock'] }),
      /source: connect ENOENT/,
    );
  } finally {
    await fleet.stop();
    await bundle.remove();
  }
});
