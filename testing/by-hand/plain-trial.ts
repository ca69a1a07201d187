import {
  type CompletedTrial,
  type FailedTrial,
  type Histogram,
  type PlannedScenario,
  type ProcessFigures,
  schemaVersion,
} from '../../results/schema/schema.ts';

/** The scenario of `plainTrial`: ten clients, and ten updates a second in each of two channels. */
export const plainScenario: PlannedScenario['scenario'] = {
  name: 'plain',
  title: 'Plain',
  summary: 'Round numbers.',
  clients: 10,
  channels: 2,
  origin: 'server',
  arrivals: { kind: 'constant', perSecond: 10 },
  payload: { kind: 'chat-text', bytes: 100 },
  semantics: 'every',
  encoding: 'json',
  echo: false,
  pollIntervalMs: 1_000,
  holdMs: 20_000,
  heartbeatMs: 15_000,
};

export const emptyHistogram: Histogram = { count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0, encoded: '' };

/** A histogram with these figures. `encoded` stays empty, for tests that do not decode it. */
export function plainHistogram(figures: Partial<Histogram>): Histogram {
  return { ...emptyHistogram, ...figures };
}

/** A process whose event loop is busy half of the time. It is not pinned to a core. */
export function plainProcess(figures: Partial<ProcessFigures> & Pick<ProcessFigures, 'role'>): ProcessFigures {
  return {
    name: `${figures.role}-1`,
    core: null,
    cpuWindowMs: 100,
    cpuDrainMs: 1,
    rssBytes: 70_000_000,
    idleRssBytes: 50_000_000,
    connectedRssBytes: 60_000_000,
    heapBytes: 10_000_000,
    externalBytes: 1_000_000,
    eventLoopUtilization: 0.5,
    ...figures,
  };
}

const direction = { drainFramingBytes: 0, surplusUpdateBytes: 0 };

/**
 * One trial in round numbers, for tests that change a field and work out the result by hand: 30 s, 2,000 updates,
 * 20,000 deliveries of 10 ms. It has no faults.
 */
export function plainTrial(altered: Partial<CompletedTrial> = {}): CompletedTrial {
  return {
    schemaVersion,
    block: 0,
    position: 0,
    scenario: plainScenario.name,
    point: {},
    transport: 'websocket',
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
    seed: 'seed',
    startedAt: '2025-01-31T12:00:00.000Z',
    status: 'completed',
    window: { durationMs: 30_000, warmupMs: 5_000, warmupOperations: 10_000, drainMs: 500 },
    updates: {
      intended: 2_000,
      published: 2_000,
      accepted: 2_000,
      intendedInputs: 0,
      publishedInputs: 0,
      acceptedInputs: 0,
      repeatedPublishes: 0,
    },
    ledger: {
      expected: 20_000,
      received: 20_000,
      conflated: 0,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      clientsOutOfBalance: 0,
      faults: [],
    },
    latency: {
      delivery: plainHistogram({ count: 20_000, meanMs: 10, p50Ms: 10, p90Ms: 10, p99Ms: 10, maxMs: 10 }),
      downlink: plainHistogram({ count: 20_000, meanMs: 9, p50Ms: 9, p90Ms: 9, p99Ms: 9, maxMs: 9 }),
      uplink: emptyHistogram,
      setUp: plainHistogram({ count: 10, meanMs: 3, p50Ms: 3, p90Ms: 3, p99Ms: 3, maxMs: 3 }),
    },
    staleFraction: 0.25,
    meanStalenessMs: 10,
    timeline: [],
    cohorts: [],
    exchange: null,
    specimen: null,
    bytes: {
      down: { ...direction, encodedUpdateBytes: 2_400_000, framingBytes: 80_000 },
      up: { ...direction, encodedUpdateBytes: 0, framingBytes: 1_000 },
      serverReadBytes: 1_000,
      serverWrittenBytes: 2_480_000,
      relayUpBytes: null,
      relayDownBytes: null,
      setUpUpBytes: 2_000,
      setUpDownBytes: 3_000,
      packets: null,
      whole: {
        clientReadBytes: 2_483_000,
        clientWrittenBytes: 3_000,
        serverReadBytes: 3_000,
        serverWrittenBytes: 2_483_000,
        relayUpBytes: null,
        relayDownBytes: null,
      },
    },
    counts: {
      requests: 0,
      drainRequests: 0,
      emptyAnswers: 0,
      intendedPolls: 0,
      skippedPolls: 0,
      connections: 10,
      reconnects: 0,
      heartbeats: 0,
      errors: 0,
      slowReaders: 0,
    },
    setUpMs: 40,
    hostCpuWindowMs: null,
    kernelSocketBytes: { idle: 0, connected: 0 },
    lateness: { source: emptyHistogram, publish: emptyHistogram, poll: emptyHistogram, relay: emptyHistogram },
    processes: [
      plainProcess({ role: 'server' }),
      plainProcess({ role: 'load', cpuWindowMs: 200 }),
      plainProcess({ role: 'source', cpuWindowMs: 10 }),
    ],
    ...altered,
  };
}

/** The same trial, but failed; by default while it was measured. */
export function plainFailure(altered: Partial<FailedTrial> = {}): FailedTrial {
  const { schemaVersion: version, block, position, scenario, point, transport, path, seed, startedAt } = plainTrial();
  const head = { schemaVersion: version, block, position, scenario, point, transport, path, seed, startedAt };
  return { ...head, status: 'failed', stage: 'measure', reason: 'died', ...altered };
}
