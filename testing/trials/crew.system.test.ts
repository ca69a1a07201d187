import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { connectionsPerClient } from '../../bench/plan/capacity.ts';
import { directRoute } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { type CompletedTrial, trialRecord } from '../../results/schema/schema.ts';
import { ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import { tinyScenario } from '../by-hand/tiny-trial.ts';
import { type ShortTrial, shortCrew } from './short-trial.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

const durationMs = 1_000;
const clients = 12;
const channels = 3;

function at(perSecond: number, bytes: number, pollIntervalMs: number) {
  return { arrivals: { kind: 'poisson', perSecond }, payload: { kind: 'notice', bytes }, pollIntervalMs } as const;
}

const [firstWindow, ...further] = [at(20, 150, 200), at(60, 600, 100), at(5, 300, 250)] as const;

async function windowsOf(asked: ShortTrial, given = further as readonly Partial<Scenario>[]) {
  const records = await shortCrew(bundle, { durationMs, ...asked }, given);
  assert.equal(records.length, 1 + given.length);
  return records.map((record): CompletedTrial => {
    assert.ok(record.status === 'completed', `${asked.transport}: ${JSON.stringify(record)}`);
    trialRecord.parse(record);
    return record;
  });
}

/** The books balance, the schedule was kept, no connection was lost, and both ends counted the same bytes. */
function assertExact(record: CompletedTrial, scenario: Scenario, transport: Transport): void {
  const name = `${transport}, ${ratePerSecond(scenario.arrivals)} a second`;
  const { ledger, updates, counts, latency, bytes, timeline } = record;
  assert.deepEqual([ledger.faults, ledger.lost, ledger.duplicated, ledger.outOfOrder], [[], 0, 0, 0], name);
  assert.equal(ledger.received + ledger.conflated, ledger.expected, name);
  const intended = (ratePerSecond(scenario.arrivals) * channels * durationMs) / 1000;
  assert.deepEqual([updates.intended, updates.published, updates.accepted], Array(3).fill(intended), name);
  assert.deepEqual([updates.publishedInputs, updates.acceptedInputs], Array(2).fill(updates.intendedInputs), name);
  assert.equal(latency.delivery.count, ledger.received, name);
  const seen = timeline.reduce((sum, { count }) => sum + count, 0);
  assert.equal(seen, ledger.received, name);
  assert.equal(counts.connections, clients * connectionsPerClient(scenario, transport), name);
  assert.deepEqual([counts.reconnects, counts.errors, counts.slowReaders], [0, 0, 0], name);
  const polls = transport === 'short-polling' ? (clients * durationMs) / scenario.pollIntervalMs : 0;
  assert.equal(counts.intendedPolls, polls, name);
  const { down, up } = bytes;
  assert.equal(down.encodedUpdateBytes + down.framingBytes, bytes.serverWrittenBytes, name);
  assert.equal(up.encodedUpdateBytes + up.framingBytes, bytes.serverReadBytes, name);
  // What an update has besides its payload is its version, channel and instant.
  const perUpdate = down.encodedUpdateBytes / ledger.received - scenario.payload.bytes;
  assert.ok(perUpdate > 8 && perUpdate < 40, `${name}: ${perUpdate} bytes besides the payload`);
  assert.ok(record.staleFraction > 0 && record.staleFraction < 1, name);
}

const noEcho = { origin: 'client', echo: false, semantics: 'latest' } as const;
const inputs = { arrivals: { kind: 'poisson', perSecond: 2 }, payload: { kind: 'player-input', bytes: 100 } } as const;

for (const [what, given] of [
  ['the source emits', {}],
  ['clients publish updates and inputs, and newer ones replace older ones', { ...noEcho, inputs }],
] as const) {
  test(`three windows on the same connections are exact, each by itself: ${what}`, async () => {
    const scenario = tinyScenario({ clients, channels, ...given, ...firstWindow });
    const warmupMs = 200;
    await Promise.all(
      transports.map(async (transport) => {
        const records = await windowsOf({ scenario, transport, warmupMs });
        for (const [place, record] of records.entries()) {
          assertExact(record, { ...scenario, ...[firstWindow, ...further][place] }, transport);
          assert.equal(record.window.warmupMs, warmupMs + place * durationMs);
        }
        assertShown(records, transport);
      }),
    );
  });
}

/** Each window has an exchange of its own, and only the last record the bytes of an additional client. */
function assertShown(records: readonly CompletedTrial[], transport: Transport): void {
  assert.deepEqual(
    records.map(({ specimen }) => specimen !== null),
    [false, false, true],
    transport,
  );
  for (const { exchange } of records) {
    const atMs = exchange!.events.map((event) => event.atMs);
    assert.ok(atMs.length > 0 && Math.min(...atMs) > -200 && Math.max(...atMs) <= durationMs, `${transport}: ${atMs}`);
    assert.ok(
      exchange!.publishes!.every(({ acknowledgedMs, sentMs }) => sentMs === null || (acknowledgedMs ?? 0) >= 0),
    );
  }
  const ends = records.map(({ window }) => window.edges!);
  for (const [place, { openedAt }] of ends.slice(1).entries()) assert.ok(openedAt > ends[place]!.closedAt, transport);
  assert.ok(records.every(({ window }) => window.edges!.connectedAt === ends[0]!.connectedAt));
}

test('several nodes, TLS and HTTP/2 carry one window after the other', async () => {
  const scenario = tinyScenario({ clients, channels, ...firstWindow });
  const route = { ...directRoute, nodes: 2, tls: { resumption: true }, http: 2 } as const;
  for (const transport of ['short-polling', 'sse'] as const) {
    const records = await windowsOf({ scenario, transport, route, repeat: 1 });
    for (const [place, record] of records.entries()) {
      const { ledger, counts, updates } = record;
      assert.deepEqual([ledger.faults, counts.connections, counts.reconnects], [[], clients, 0]);
      const perSecond = ratePerSecond([firstWindow, ...further][place]!.arrivals);
      assert.deepEqual([updates.intended, updates.accepted], Array(2).fill((perSecond * channels * durationMs) / 1000));
    }
  }
});

test('each window has the heartbeats of a long run, wherever the last update was', async () => {
  const quiet = at(0.01, 100, 500);
  const scenario = tinyScenario({ clients: 60, channels: 60, heartbeatMs: 3_000, ...quiet });
  const busy = at(2, 100, 500);
  await Promise.all(
    (['sse', 'websocket'] as const).map(async (transport) => {
      const records = await windowsOf({ scenario, transport, warmupMs: 200, repeat: 1 }, [busy, quiet]);
      const [first, second, third] = records.map(({ counts }) => counts.heartbeats);
      // A third of the interval; where two updates come each second, silence never lasts as long.
      assert.ok(first! >= 16 && first! <= 24, `${first}`);
      assert.ok(second! <= 2, `${second}`);
      assert.ok(third! >= 16 && third! <= 24, `${third}`);
    }),
  );
});
