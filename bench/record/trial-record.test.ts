import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StormFigures } from '../../clients/load/storm-watch.ts';
import { completedTrial, type Histogram, schemaVersion } from '../../results/schema/schema.ts';
import { emissions, type Phase, publishes } from '../../scenarios/schedule.ts';
import {
  acceptedRows,
  clientLedger,
  edge,
  loadFigures,
  processSample,
  recorded,
  serverLedger,
} from '../../testing/by-hand/readings.ts';
import { crewOf, standIn } from '../../testing/by-hand/stand-in.ts';
import { tinyPlanned, tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import { figuresOf, type Readings, type TrialFigures } from './trial-record.ts';

/**
 * Two load processes: clients 0 and 1 are in the first, client 2 is in the second. All numbers are uneven, so that a swap, a
 * doubling or another field shows.
 */
const before = edge({
  readAt: new Date(8_100),
  loads: [
    {
      sockets: { openSockets: 3, openedSockets: 4 },
      tally: {
        requests: 40,
        deliveries: 7,
        drainRequests: 1,
        emptyAnswers: 30,
        intendedPolls: 21,
        skippedPolls: 2,
        reconnects: 1,
        errors: 3,
        publishedUpdates: 11,
        publishedInputs: 13,
      },
    },
    {
      sockets: { openSockets: 2, openedSockets: 2 },
      tally: {
        requests: 20,
        deliveries: 5,
        drainRequests: 2,
        emptyAnswers: 9,
        intendedPolls: 10,
        skippedPolls: 1,
        reconnects: 2,
        errors: 1,
        publishedUpdates: 3,
        publishedInputs: 4,
      },
    },
  ],
  server: { sockets: { openedSockets: 6 }, tally: { heartbeats: 5, slowReaders: 2, requests: 901 } },
  books: {
    clients: [
      clientLedger({ client: 0, channel: 0, received: 2 }),
      clientLedger({ client: 1, channel: 1, received: 3 }),
      clientLedger({ client: 2, channel: 0, received: 2 }),
    ],
    server: serverLedger([2, 3], { repeatedPublishes: 4 }),
  },
});
const after = edge({
  readAt: new Date(11_020),
  loads: [
    {
      sockets: { openSockets: 33, openedSockets: 9 },
      tally: {
        requests: 140,
        deliveries: 907,
        drainRequests: 4,
        emptyAnswers: 90,
        intendedPolls: 121,
        skippedPolls: 7,
        reconnects: 3,
        errors: 9,
        publishedUpdates: 16,
        publishedInputs: 15,
      },
    },
    {
      sockets: { openSockets: 44, openedSockets: 10 },
      tally: {
        requests: 70,
        deliveries: 905,
        drainRequests: 10,
        emptyAnswers: 20,
        intendedPolls: 50,
        skippedPolls: 3,
        reconnects: 9,
        errors: 2,
        publishedUpdates: 5,
        publishedInputs: 5,
      },
    },
  ],
  server: { sockets: { openedSockets: 23 }, tally: { heartbeats: 18, slowReaders: 9, requests: 902 } },
  books: {
    clients: [
      clientLedger({ client: 0, channel: 0, received: 5 }),
      clientLedger({ client: 1, channel: 1, received: 4 }),
      clientLedger({ client: 2, channel: 0, received: 5 }),
    ],
    server: serverLedger([5, 4], { repeatedPublishes: 10 }),
  },
});

const start = 1_000_000;
/** Channels 0 and 1 are followed, 2 and 3 are their inboxes, which only scenarios with inputs have. */
const updates = acceptedRows(
  { channel: 0, version: 3, publisher: -1, intendedUs: start + 100, acceptedUs: start + 2_100 },
  { channel: 0, version: 4, publisher: 2, intendedUs: start + 300, acceptedUs: start + 500 },
  { channel: 1, version: 4, publisher: 0, intendedUs: start + 600, acceptedUs: start + 1_000 },
  { channel: 2, version: 1, publisher: 1, intendedUs: start + 700, acceptedUs: start + 1_600 },
  { channel: 0, version: 5, publisher: 1, intendedUs: start + 800, acceptedUs: start + 1_700 },
  { channel: 3, version: 1, publisher: 1, intendedUs: start + 900, acceptedUs: start + 2_700 },
);

const timeline = {
  count: Float64Array.of(2, 0),
  sumUs: Float64Array.of(3_000, 0),
  minUs: Float64Array.of(1_000, Number.POSITIVE_INFINITY),
  maxUs: Float64Array.of(2_000, 0),
};

const figures = [
  loadFigures({
    delivery: recorded(100, 200),
    downlink: recorded(50),
    pollLateness: recorded(7),
    publishLateness: recorded(3, 5),
    staleUs: 1_100_000,
    outstandingUs: 2_500,
    knowing: { sumUs: 6_000, updates: 3 },
    timeline,
    exchange: [{ atUs: start + 4_000, kind: 'answer', version: 3 }],
  }),
  loadFigures({
    delivery: recorded(600),
    downlink: recorded(70, 180, 20),
    pollLateness: recorded(9, 11),
    publishLateness: recorded(10),
    staleUs: 400_000,
    outstandingUs: 5_000,
    knowing: { sumUs: 5_500, updates: 2 },
    timeline,
  }),
];

const sample = processSample({});
const samples = {
  idle: new Map([['server', sample]]),
  connected: new Map([['server', sample]]),
  start: new Map([['server', processSample({ cpuUs: 4_000 })]]),
  end: new Map([['server', processSample({ cpuUs: 9_000 })]]),
  drained: new Map([['server', processSample({ cpuUs: 9_000, rssBytes: 777 })]]),
};

const readings: Readings = {
  samples,
  snapshots: {
    connected: edge({ loads: [{ sockets: { writtenBytes: 310, readBytes: 520 } }], readAt: new Date(7_000) }),
    before,
    after,
  },
  setUp: [recorded(1_000, 400), recorded(100)],
  setUpMs: 81,
  playedMs: 4_700,
  drainMs: 43,
  emitted: 6,
  sourceLateness: recorded(15, 25, 35, 45),
  relayLateness: [recorded(1), recorded(5, 6)],
  window: { startUs: start, endUs: start + 2_000_000 },
  hostCpuMs: 65,
  kernelSocketBytes: { idle: 17, connected: 19 },
  kernelSlabBytes: { idle: 23, connected: 29 },
  updates,
  serverExchange: [{ atUs: start + 2_500, kind: 'request', version: null }],
  clientsByNode: undefined,
  clientsSeen: undefined,
  storm: undefined,
  specimen: undefined,
  closedLoop: undefined,
  clientWork: { medianUs: 95.5, echoes: 400 },
  figures,
  stalls: {
    gaps: [{ name: 'load-1', gaps: [{ fromUs: start + 1_000, toUs: start + 9_000 }], isPassed: true }],
    disturbances: {
      gaps: [{ fromUs: start + 1_000, toUs: start + 9_000 }],
      leftLate: Uint8Array.of(0, 1, 0, 0, 0, 0),
      lateUs: 1_000,
    },
    undisturbed: [recorded(100), recorded()],
  },
};

const crew = crewOf({ servers: [standIn('server', 'server', {}, 1)] });
const trial = tinyTrial();

function recordOf(given: Partial<Readings> = {}, of = trial): TrialFigures {
  return figuresOf(of, crew, { ...readings, ...given });
}

/** The record of the readings above. */
const usual = recordOf();

/** Enough values to identify each distribution of this file. */
function brief({ count, meanMs, maxMs }: Histogram): readonly number[] {
  return [count, meanMs, maxMs];
}

test('the record fits the schema, unchanged', () => {
  const head = {
    schemaVersion,
    block: 0,
    position: 0,
    scenario: 'tiny',
    point: {},
    transport: 'sse',
    path: {
      network: 'loopback',
      rttMs: 0,
      jitterMs: 0,
      bandwidthBitsPerSecond: null,
      lossShare: 0,
      delay: 'none',
      congestionControl: null,
      caveats: [],
    },
    seed: trial.seed,
    startedAt: '2026-01-01T00:00:00.000Z',
    status: 'completed',
  };
  const record = { ...head, ...usual };
  assert.deepEqual(completedTrial.parse(record), record);
});

test('the window: what was asked for, and what came before and after it', () => {
  assert.deepEqual(usual.window, {
    durationMs: 2_000,
    warmupMs: 4_700,
    warmupOperations: 72, // 60 requests and 12 deliveries before it
    drainMs: 43,
    edges: {
      connectedAt: '1970-01-01T00:00:07.000Z',
      openedAt: '1970-01-01T00:00:08.100Z',
      closedAt: '1970-01-01T00:00:11.020Z',
    },
  });
});

test('updates of a source: intended by the schedule, emitted, accepted', () => {
  assert.deepEqual(usual.updates, {
    intended: 12, // 3 a second in 2 channels over 2 s
    published: 13, // 6 by the source, 5 + 2 by clients
    accepted: 4, // of 6 rows those of channels 0 and 1
    intendedInputs: 0,
    publishedInputs: 3, // 2 + 1
    acceptedInputs: 2,
    repeatedPublishes: 6, // 10 - 4
  });
});

/** Each of 3 clients makes three inputs a second: 18 in 2 s. */
const inputs = {
  arrivals: { kind: 'trace', instantsMs: [0, 500, 999], lengthMs: 1_000 },
  payload: { kind: 'player-input', bytes: 24 },
} as const;

test('inputs are counted apart from updates, for both origins', () => {
  for (const origin of ['client', 'server'] as const) {
    const planned = tinyPlanned(tinyScenario({ origin, inputs }));
    const { intended, intendedInputs } = recordOf({}, tinyTrial({ planned })).updates;
    assert.deepEqual([intended, intendedInputs], [12, 18], origin);
  }
});

test('intended updates follow from the seed of the trial', () => {
  const arrivals = { kind: 'poisson', perSecond: 400 } as const;
  for (const seed of ['one', 'two']) {
    const intended = (origin: 'server' | 'client') => {
      const planned = tinyPlanned(tinyScenario({ origin, arrivals }));
      return recordOf({}, tinyTrial({ planned, seed })).updates.intended;
    };
    const phase: Phase = { kind: 'window', scenario: tinyScenario({ arrivals }), seed, durationUs: 2_000_000 };
    assert.equal(intended('server'), emissions(phase).length);
    const byClients = { ...phase, scenario: tinyScenario({ origin: 'client', arrivals }) };
    assert.equal(intended('client'), publishes(byClients).length);
  }
});

test('the ledger is that of the window, with the scenario’s semantics and echo', () => {
  assert.deepEqual(usual.ledger, {
    expected: 7, // 3 for each of two clients, 1 for the third
    received: 7,
    conflated: 0,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    clientsOutOfBalance: 0,
    faults: [],
  });
  // Client 2 published into its own channel 0; clients 0 and 1 published into each other's.
  const silent = tinyTrial({ planned: tinyPlanned(tinyScenario({ echo: false })) });
  assert.equal(recordOf({}, silent).ledger.expected, 6);
});

test('latencies of all load processes are one distribution each', () => {
  const { delivery, downlink, uplink, setUp } = usual.latency;
  assert.deepEqual(brief(delivery), [3, 0.3, 0.6]);
  assert.deepEqual(brief(downlink), [4, 0.08, 0.18]);
  assert.deepEqual(brief(setUp), [3, 0.5, 1]);
  // 200, 400 and 900 µs: neither the source's update nor the inputs count.
  assert.deepEqual(brief(uplink), [3, 0.5, 0.9]);
});

test('the order of the load processes does not matter', () => {
  const turned = recordOf({
    figures: figures.toReversed(),
    setUp: readings.setUp.toReversed(),
    relayLateness: readings.relayLateness.toReversed(),
    snapshots: {
      ...readings.snapshots,
      before: { ...before, loads: before.loads.toReversed() },
      after: { ...after, loads: after.loads.toReversed() },
    },
  });
  assert.deepEqual(turned, usual);
});

test('freshness: the share of time with a stale view, and the mean time until an update was known', () => {
  const { staleFraction, meanStalenessMs } = usual;
  assert.equal(staleFraction, 0.25); // 1.5 s of 2 s × 3 clients
  assert.equal(meanStalenessMs, 2.3); // 11.5 ms over 3 + 2 updates
});

test('how late the instruments were', () => {
  const { source, publish, poll, relay } = usual.lateness;
  assert.deepEqual(brief(source), [4, 0.03, 0.045]);
  assert.deepEqual(brief(publish), [3, 0.006, 0.01]);
  assert.deepEqual(brief(poll), [3, 0.009, 0.011]);
  assert.deepEqual(brief(relay), [3, 0.004, 0.006]);
  const without = recordOf({ sourceLateness: undefined, relayLateness: [] }).lateness;
  assert.deepEqual([without.source.count, without.relay.count], [0, 0]);
});

test('events are the difference over the window, connections those at its start', () => {
  assert.deepEqual(usual.counts, {
    requests: 150, // 100 + 50
    drainRequests: 11, // 3 + 8
    emptyAnswers: 71, // 60 + 11
    intendedPolls: 140, // 100 + 40
    skippedPolls: 7, // 5 + 2
    connections: 5, // 3 + 2
    reconnects: 9, // 2 + 7
    heartbeats: 13,
    errors: 7, // 6 + 1
    slowReaders: 7,
  });
});

test('single readings are passed on; time under way is summed over the load processes', () => {
  const { setUpMs, hostCpuWindowMs, kernelSocketBytes, kernelSlabBytes, outstandingMs } = usual;
  assert.deepEqual([setUpMs, hostCpuWindowMs], [81, 65]);
  assert.deepEqual(kernelSocketBytes, { idle: 17, connected: 19 });
  assert.deepEqual(kernelSlabBytes, { idle: 23, connected: 29 });
  assert.equal(outstandingMs, 7.5); // 2.5 + 5
  assert.equal(recordOf({ hostCpuMs: null }).hostCpuWindowMs, null);
});

test('stalls are those of the window, with the latencies of what they did not touch', () => {
  const { undisturbed, ...stalls } = usual.stalls!;
  assert.deepEqual(stalls, {
    gapMs: 8,
    gaps: [{ process: 'load-1', count: 1, totalMs: 8, longest: [{ fromMs: 1, toMs: 9 }] }],
    lateMs: 1,
    lateUpdates: 1,
  });
  assert.deepEqual(brief(undisturbed!), [1, 0.1, 0.1]);
});

test('what the client adds is passed on; without it there is no such field', () => {
  assert.deepEqual(usual.clientWork, { medianUs: 95.5, echoes: 400 });
  assert.equal('clientWork' in recordOf({ clientWork: undefined }), false);
});

test('timeline, bytes, processes and cohorts are those of the readings', () => {
  const { timeline: pieces, bytes, processes, cohorts } = usual;
  assert.deepEqual(pieces, [
    { count: 4, minMs: 1, meanMs: 1.5, maxMs: 2 },
    { count: 0, minMs: 0, meanMs: 0, maxMs: 0 },
  ]);
  assert.deepEqual([bytes.setUpUpBytes, bytes.setUpDownBytes, bytes.whole.clientReadBytes], [310, 520, 0]);
  assert.deepEqual(
    processes.map(({ name, core, cpuWindowMs, rssBytes }) => [name, core, cpuWindowMs, rssBytes]),
    [['server', 1, 5, 777]],
  );
  assert.deepEqual(cohorts, []);
});

test('cohorts are those of the scenario', () => {
  const planned = tinyPlanned(tinyScenario({ pollCohortsMs: [250, 1_000] }));
  const cohort = { delivery: recorded(300), staleUs: 100_000, knowing: { sumUs: 900, updates: 1 } };
  const counted = (clients: number, requests: number) => edge({ loads: [{ cohorts: [{ clients, requests }, {}] }] });
  const cohorts = recordOf(
    {
      snapshots: { ...readings.snapshots, before: counted(0, 5), after: counted(1, 12) },
      figures: [loadFigures({ cohorts: [cohort, cohort] })],
    },
    tinyTrial({ planned }),
  ).cohorts;
  assert.deepEqual(
    cohorts.map(({ pollIntervalMs, clients, requests, staleFraction }) => [
      pollIntervalMs,
      clients,
      requests,
      staleFraction,
    ]),
    [
      [250, 1, 7, 0.05],
      [1_000, 0, 0, 0.05],
    ],
  );
});

const specimen = { passages: [{ direction: 'up', bytes: Buffer.from('hello') }], updates: [] } as const;

test('only the first repeat has an exchange', () => {
  const { exchange } = usual;
  assert.deepEqual(exchange?.events, [
    { side: 'server', kind: 'request', atMs: 2.5, version: null },
    { side: 'client', kind: 'answer', atMs: 4, version: 3 },
  ]);
  assert.deepEqual(
    exchange?.updates.map(({ version, own }) => [version, own]),
    [
      [3, false],
      [4, false],
      [5, false],
    ],
  );
  assert.equal(recordOf({}, tinyTrial({ repeat: 1 })).exchange, null);
});

test('a specimen is recorded if one was captured', () => {
  assert.equal(usual.specimen, null);
  assert.deepEqual(recordOf({ specimen }).specimen, [
    { direction: 'up', pieces: [{ layer: 'framing', length: 5, base64: 'aGVsbG8=' }] },
  ]);
});

const startedProxy = { port: 1, version: '1.26.3', configuration: 'worker_processes 2;', workers: 2 };

test('a proxy has its version, its nodes and connections, and in the first repeat its configuration', () => {
  const proxied = (repeat: number) =>
    figuresOf(tinyTrial({ repeat }), { ...crew, startedProxy }, { ...readings, clientsByNode: [2, 1] }).proxy;
  const expected = {
    version: '1.26.3',
    configuration: 'worker_processes 2;',
    workers: 2,
    clientsByNode: [2, 1],
    upstreamConnections: 17, // 23 - 6
  };
  assert.deepEqual(proxied(0), expected);
  assert.deepEqual(proxied(1), { ...expected, configuration: null });
});

test('no proxy record without a proxy, or without the clients of each node', () => {
  assert.equal('proxy' in usual, false);
  assert.equal('proxy' in recordOf({ clientsByNode: [2, 1] }), false);
  assert.equal('proxy' in figuresOf(trial, { ...crew, startedProxy }, readings), false);
});

test('clients seen by each server are recorded if they were counted', () => {
  assert.equal('clientsSeenByServer' in usual, false);
  assert.deepEqual(recordOf({ clientsSeen: [3, 1] }).clientsSeenByServer, [3, 1]);
});

test('a storm has the connections that clients made in the window', () => {
  assert.equal('storm' in usual, false);
  const cut: StormFigures = {
    cut: 2,
    back: recorded(300, 500),
    missedUpdates: 7,
    behind: 0,
    firstLostUs: start + 252_000,
    caughtUpUs: start + 290_000,
  };
  const { backMs, ...rest } = recordOf({
    storm: { kind: 'node-killed', atUs: start + 250_000 },
    figures: [loadFigures({ storm: cut }), loadFigures({})],
  }).storm!;
  assert.deepEqual(brief(backMs), [2, 0.4, 0.5]);
  assert.deepEqual(rest, {
    kind: 'node-killed',
    atMs: 250,
    clientsCut: 2,
    caughtUpMs: 38,
    clientsBehind: 0,
    missedUpdates: 7,
    connectionsMade: 13, // 5 + 8
  });
});
