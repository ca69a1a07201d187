import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { type CompletedTrial, trialRecord } from '../../results/schema/schema.ts';
import { tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import { type MemoryOptions, memorySite, playTrial } from '../../testing/fleet/memory-site.ts';
import { truth } from '../../testing/fleet/world.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { runTrial } from './trial.ts';

/** The last update of the window's second second arrives after the window. */
const scenario = tinyScenario({ arrivals: { kind: 'trace', instantsMs: [100, 400, 999.9], lengthMs: 1000 } });
const planned = { scenario, repeats: 3, durationMs: 2_000, warmupMs: 0 };

/** Six updates a channel: 18 deliveries to three clients, all 1 ms after the intended instant. */
async function played(given: Partial<PlannedTrial> = {}, options: MemoryOptions = {}): Promise<CompletedTrial> {
  const { record, fleet, site } = await playTrial(tinyTrial({ planned, repeat: 1, ...given }), options);
  assert.ok(record.status === 'completed', JSON.stringify(record));
  trialRecord.parse(record);
  assert.deepEqual([site.time.sleeping, fleet.openQuestions], [0, 0]);
  return record;
}

test('latencies, views and books are those of the world', async () => {
  const { latency, lateness, ...record } = await played();
  assert.deepEqual([latency.delivery.count, latency.delivery.meanMs, latency.delivery.maxMs], [18, 1, 1]);
  assert.deepEqual([latency.downlink.count, latency.downlink.meanMs], [18, 0.7]);
  assert.deepEqual([latency.setUp.count, latency.setUp.meanMs], [3, 1.5]);
  assert.equal(latency.uplink.count, 0);
  assert.equal(lateness.source.count, 12);
  // Five updates of 1 ms for each client, and 0.1 ms of the last one are in the window of 2 s.
  assert.equal(record.staleFraction, 5_100 / 2_000_000);
  assert.equal(record.meanStalenessMs, 1);
  assert.equal(record.outstandingMs, 18);
  assert.deepEqual(record.ledger, {
    expected: 18,
    received: 18,
    conflated: 0,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    clientsOutOfBalance: 0,
    faults: [],
  });
  const { intended, published, accepted } = record.updates;
  assert.deepEqual([intended, published, accepted], [12, 12, 12]);
});

test('the timeline counts each delivery in the piece of its intended instant', async () => {
  const { timeline } = await played();
  const filled = timeline.flatMap(({ count }, piece) => (count > 0 ? [piece] : []));
  // Pieces of 50 ms.
  assert.deepEqual(filled, [2, 8, 19, 22, 28, 39]);
  for (const piece of filled) assert.deepEqual(timeline[piece], { count: 3, minMs: 1, meanMs: 1, maxMs: 1 });
});

test('bytes are those of the window, and of connecting', async () => {
  const { bytes, counts } = await played();
  const { update, updateFraming, request, requestAnswer } = truth.bytes;
  assert.equal(bytes.down.encodedUpdateBytes, 18 * update);
  assert.equal(bytes.down.framingBytes, 18 * updateFraming);
  assert.deepEqual([bytes.up.encodedUpdateBytes, bytes.up.framingBytes], [0, 0]);
  assert.deepEqual([bytes.setUpUpBytes, bytes.setUpDownBytes], [3 * request, 3 * requestAnswer]);
  assert.equal(bytes.serverWrittenBytes, 18 * (update + updateFraming));
  assert.deepEqual([bytes.whole.clientWrittenBytes, bytes.whole.serverReadBytes], [3 * request, 3 * request]);
  assert.equal(bytes.relayUpBytes, null);
  assert.deepEqual([counts.requests, counts.connections, counts.reconnects], [0, 3, 0]);
});

test('what clients publish is counted up, and takes until its acceptance', async () => {
  const published = tinyScenario({ origin: 'client', echo: false });
  const { bytes, latency, updates, ledger } = await played({ planned: { ...planned, scenario: published } });
  const { publish, publishFraming, publishAnswer, update, updateFraming } = truth.bytes;
  assert.deepEqual([bytes.up.encodedUpdateBytes, bytes.up.framingBytes], [12 * publish, 12 * publishFraming]);
  // Client 1 is alone in its channel and does not get its own updates; of clients 0 and 2 each gets the other's.
  assert.deepEqual([ledger.expected, ledger.received], [6, 6]);
  assert.equal(bytes.down.encodedUpdateBytes, 6 * update);
  assert.equal(bytes.down.framingBytes, 6 * updateFraming + 12 * publishAnswer);
  assert.deepEqual([latency.uplink.count, latency.uplink.meanMs], [12, 0.3]);
  assert.deepEqual([updates.intended, updates.published, updates.accepted], [12, 12, 12]);
});

test('each process used its share of the core in the window and the drain', async () => {
  const { processes, window, setUpMs } = await played();
  // The sample of all clients is taken at the quiet edge after the last is subscribed, 250 ms later.
  const connectMs = setUpMs + 250;
  assert.equal(window.drainMs, 5);
  const names = ['server', 'load-1', 'source'] as const;
  assert.deepEqual(
    processes.map(({ name }) => name),
    names,
  );
  for (const { role, ...used } of processes) {
    const share = truth.cpuShare[role];
    assert.equal(used.cpuWindowMs, share * 2_000);
    assert.equal(used.cpuDrainMs, share * 5);
    assert.ok(Math.abs(used.cpuConnectMs! - share * connectMs) < 1e-9, `${used.cpuConnectMs} ms`);
    assert.equal(used.eventLoopUtilization, share);
    const { start, client, update } = truth.rss;
    assert.equal(used.idleRssBytes, start);
    assert.equal(used.connectedRssBytes, start + 3 * client);
    assert.equal(used.rssBytes, start + 3 * client + 12 * update);
  }
});

test('readings of the host: kernel memory, noise, clocks, and its core without the watching', async () => {
  const record = await played();
  assert.deepEqual(record.kernelSocketBytes, { idle: 0, connected: 3 * truth.kernelBytesPerClient });
  const { slabBytes, slabBytesPerClient } = truth;
  assert.deepEqual(record.kernelSlabBytes, { idle: slabBytes, connected: slabBytes + 3 * slabBytesPerClient });
  assert.equal(record.clockUncertaintyUs, truth.clockUncertaintyUs);
  const { spins, tasks } = record.noise!;
  assert.deepEqual(spins, [{ core: 1, fastestUs: 100, slowdown: 1 }]);
  // One every 50 ms.
  assert.deepEqual(tasks, [{ core: 1, count: 40, medianUs: 80, cpuMs: 5 }]);
  assert.equal(record.hostCpuWindowMs, 1_000 - 5);
});

test('several cores of the serving side are summed, each once, without the watching on any', async () => {
  const trial = tinyTrial({ planned, repeat: 1, route: { ...directRoute, nodes: 3 } });
  const site = memorySite();
  const { close, fleet, host, ...around } = await site.prepare(trial);
  const spread: Readonly<Record<string, number>> = { 'server-1': 1, 'server-2': 2, 'server-3': 1 };
  const start: Fleet['start'] = async (role, name) => {
    const member = await fleet.start(role, name);
    return { ...member, core: spread[name] ?? member.core };
  };
  const { signal } = new AbortController();
  const options = { ...around, host, fleet: { ...fleet, lost: fleet.lost, start }, onStage: () => {}, signal };
  const record = await site.time.play(runTrial(trial, options));
  await close();
  assert.ok(record.status === 'completed', JSON.stringify(record));
  // Half of 2 s on each of two cores, of which the noise watch reads one.
  assert.equal(record.hostCpuWindowMs, 2 * 1_000 - 5);
});

test('a warm-up has its own operations, and leaves nothing in the window', async () => {
  const record = await played({ planned: { ...planned, warmupMs: 200 } });
  assert.ok(record.window.warmupOperations > 1_000, `${record.window.warmupOperations}`);
  assert.deepEqual([record.latency.delivery.count, record.updates.accepted, record.ledger.expected], [18, 12, 18]);
  assert.equal(record.bytes.down.encodedUpdateBytes, 18 * truth.bytes.update);
});

/** A hundred updates a second for both channels: 1.5 deliveries each. */
const steady = { ...scenario, arrivals: { kind: 'constant', perSecond: 100 } } as const;

test('a load process that is stopped: its gap is recorded, and which deliveries it did not touch', async () => {
  const stop = { name: 'load-1', fromMs: 501, toMs: 1_001 };
  const { latency, stalls } = await played({ planned: { ...planned, scenario: steady } }, { stop });
  const { undisturbed, ...seen } = stalls!;
  // The last tick before was at most 5 ms earlier.
  const [{ longest, ...gap }] = seen.gaps as [(typeof seen.gaps)[number]];
  assert.equal(longest[0]!.toMs, 1_001);
  assert.ok(longest[0]!.fromMs > 496 && longest[0]!.fromMs <= 501, `${longest[0]!.fromMs}`);
  assert.deepEqual(gap, { process: 'load-1', count: 1, totalMs: seen.gapMs });
  assert.equal(seen.gapMs, longest[0]!.toMs - longest[0]!.fromMs);
  assert.equal(seen.lateUpdates, 0);
  // Those of the half second arrive at its end; all others take 1 ms.
  assert.ok(latency.delivery.maxMs > 490, `${latency.delivery.maxMs}`);
  assert.deepEqual([undisturbed!.meanMs, undisturbed!.maxMs], [1, 1]);
  const left = latency.delivery.count - undisturbed!.count;
  assert.ok(left >= 150 && left <= 156, `${left}`);
});

test('a source that is stopped: what it sends late is recorded, and its gap', async () => {
  const stop = { name: 'source', fromMs: 501, toMs: 1_001 };
  const { latency, lateness, stalls } = await played({ planned: { ...planned, scenario: steady } }, { stop });
  assert.deepEqual(
    stalls!.gaps.map(({ process }) => process),
    ['source'],
  );
  assert.ok(stalls!.lateUpdates >= 98 && stalls!.lateUpdates <= 101, `${stalls!.lateUpdates}`);
  assert.ok(lateness.source.maxMs > 490 && latency.delivery.maxMs > 490);
  assert.equal(stalls!.undisturbed!.maxMs, 1);
});

test('publishes of a stopped load process are late for the clients of all', async () => {
  const stop = { name: 'load-1', fromMs: 501, toMs: 1_001 };
  const publishing = { ...steady, origin: 'client' as const, clients: 4, channels: 1 };
  const { stalls } = await played({ planned: { ...planned, scenario: publishing } }, { stop });
  assert.ok(stalls!.lateUpdates > 40, `${stalls!.lateUpdates}`);
  assert.equal(stalls!.undisturbed!.maxMs, 1);
});

test('processes that run all the time have no gaps, and nothing is left out', async () => {
  const { stalls } = await played();
  assert.deepEqual(stalls, { gapMs: 0, gaps: [], lateMs: 1, lateUpdates: 0 });
});

test('what the client adds is measured in the first repeat', async () => {
  assert.deepEqual((await played({ repeat: 0 })).clientWork, { medianUs: truth.clientWorkUs, echoes: 400 });
  assert.equal('clientWork' in (await played()), false);
});

test('a trial takes as long as its stages', async () => {
  const { site } = await playTrial(tinyTrial({ planned, repeat: 1 }));
  const { record } = await playTrial(tinyTrial({ planned, repeat: 1 }));
  assert.ok(record.status === 'completed');
  // Three quiet edges, the lead before the window, the window, the drain.
  assert.equal(Math.round(site.time.nowUs / 1000 - record.setUpMs), 3 * 250 + 150 + 2_000 + 5);
});
