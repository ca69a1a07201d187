import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Transport } from '../protocol/transport.ts';
import type { Arrivals, Scenario } from '../scenarios/scenario.ts';
import type { CompletedTrial, FailedTrial, Run, RunRecord, TrialRecord } from './schema.ts';
import { histogramOf } from './synthetic-histogram.ts';
import { syntheticScenarios } from './synthetic-scenarios.ts';

/** For tests only: a run as it might have been measured, made from a seed. No figure in it was measured. */
export type SyntheticOptions = {
  readonly seed?: number;
  /** Of the first scenario; the others run once. */
  readonly repeats?: number;
  readonly transports?: readonly Transport[];
  readonly scenarios?: readonly Scenario[];
  readonly rttMs?: number;
  readonly durationMs?: number;
  readonly status?: RunRecord['status'];
  /** Only so many trials had ended. */
  readonly ended?: number;
  /** Changes a trial, or makes it fail with `failedFrom`. */
  readonly alter?: (trial: CompletedTrial, index: number) => TrialRecord;
};

const transports: readonly Transport[] = ['short-polling', 'long-polling', 'sse', 'websocket'];

type Random = () => number;
type Spot = {
  readonly scenario: Scenario;
  readonly transport: Transport;
  readonly rttMs: number;
  readonly seconds: number;
};

export function syntheticRun(options: SyntheticOptions = {}): Run {
  const record = syntheticRecord(options);
  const generator = xoroshiro128plus(options.seed ?? 1);
  const random: Random = () => uniformFloat64(generator);
  // Round by round: every scenario once, then every scenario again.
  const rounds = Array.from({ length: options.repeats ?? 3 }, (_, round) =>
    record.plan.scenarios.filter(({ repeats }) => round < repeats).map(({ scenario }) => scenario.name),
  );
  const blocks = rounds.flat();
  const scenarios = options.scenarios ?? syntheticScenarios;
  const trials = blocks.flatMap((name, block) =>
    record.plan.transports.map((transport, position) => {
      const scenario = scenarios.find((each) => each.name === name)!;
      const spot = { scenario, transport, rttMs: record.plan.rttMs, seconds: (options.durationMs ?? 8_000) / 1000 };
      return syntheticTrial(spot, { block, position }, random);
    }),
  );
  const ended = trials.slice(0, options.ended ?? trials.length);
  return { record, trials: ended.map((trial, index) => options.alter?.(trial, index) ?? trial) };
}

/** The same trial as if it had failed. */
export function failedFrom(trial: CompletedTrial, stage: FailedTrial['stage'], reason: string): FailedTrial {
  const { schemaVersion, block, position, scenario, transport, path, seed, startedAt } = trial;
  const head = { schemaVersion, block, position, scenario, transport, path, seed, startedAt };
  return { ...head, status: 'failed', stage, reason };
}

function syntheticRecord(options: SyntheticOptions): RunRecord {
  const status = options.status ?? 'completed';
  const used = options.transports ?? transports;
  const scenarios = (options.scenarios ?? syntheticScenarios).map((scenario, index) => ({
    // The schema's arrays are mutable, the scenario's are not.
    scenario: structuredClone(scenario) as RunRecord['plan']['scenarios'][number]['scenario'],
    repeats: index === 0 ? (options.repeats ?? 3) : 1,
    durationMs: options.durationMs ?? 8_000,
    warmupMs: 5_000,
  }));
  return {
    schemaVersion: 1,
    name: 'quick',
    version: '0.0.0-synthetic',
    status,
    profile: 'quick',
    command: ['pvw', 'run', '--profile', 'quick', '--seed', '42'],
    seed: '42',
    startedAt: '2025-01-31T12:00:00.000Z',
    endedAt: status === 'running' ? null : '2025-01-31T12:04:31.000Z',
    plan: {
      transports: [...used],
      rttMs: options.rttMs ?? 40,
      scenarios,
      trials: scenarios.reduce((sum, { repeats }) => sum + repeats * used.length, 0),
    },
    environment: {
      node: 'v20.19.0',
      v8: '11.3.244.8',
      platform: 'linux x64',
      kernel: '6.1.0',
      cpuModel: 'Synthetic CPU at 2.80 GHz',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      openFilesLimit: 20_000,
      congestionControl: 'cubic',
      pinned: true,
      libraries: { ws: '8.0.0', undici: '7.0.0' },
      gitCommit: '0123456789abcdef0123456789abcdef01234567',
    },
  };
}

function ratePerSecond(arrivals: Arrivals): number {
  if (arrivals.kind === 'trace') throw new Error('synthetic scenarios have no traces');
  return arrivals.perSecond;
}

/** Milliseconds from intended instant to receipt: half a round trip, the transport's own wait, and the send queue. */
function deliveryMs({ scenario, transport, rttMs }: Spot, random: Random): number {
  const publish = scenario.origin === 'client' ? rttMs / 2 + 0.3 : 0;
  const queue = 0.4 - 0.5 * Math.log(1 - random()) * (transport === 'websocket' ? 1 : 1.1);
  const gap = transport === 'long-polling' ? Math.max(0, rttMs - random() * 4 * rttMs) : 0;
  const phase = transport === 'short-polling' ? random() * scenario.pollIntervalMs : 0;
  return publish + rttMs / 2 + queue + gap + phase;
}

type Cost = {
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly frameBytes: number;
  readonly cpuUs: number;
};

const costs: Readonly<Record<Transport, Cost>> = {
  'short-polling': { requestBytes: 96, answerBytes: 168, frameBytes: 5, cpuUs: 62 },
  'long-polling': { requestBytes: 108, answerBytes: 168, frameBytes: 5, cpuUs: 70 },
  sse: { requestBytes: 0, answerBytes: 0, frameBytes: 22, cpuUs: 14 },
  websocket: { requestBytes: 0, answerBytes: 0, frameBytes: 4, cpuUs: 13.5 },
};

function syntheticTrial(spot: Spot, place: { block: number; position: number }, random: Random): CompletedTrial {
  const { scenario, transport, rttMs, seconds } = spot;
  const cost = costs[transport];
  const noise = Math.exp(0.06 * (random() + random() + random() - 1.5));
  const published = Math.round(ratePerSecond(scenario.arrivals) * scenario.channels * seconds);
  const expected = (published * scenario.clients) / scenario.channels;
  const polls = transport === 'short-polling' ? (scenario.clients * seconds * 1000) / scenario.pollIntervalMs : 0;
  const newestOnly =
    scenario.semantics === 'latest' && transport === 'short-polling' ? Math.min(1, polls / expected) : 1;
  const received = Math.round(expected * newestOnly * (scenario.semantics === 'latest' ? 0.93 : 1));
  const requests = Math.round(transport === 'long-polling' ? received : polls);
  const emptyAnswers = Math.max(0, requests - received);
  const updateBytes = scenario.payload.bytes + (scenario.encoding === 'json' ? 24 : 14);
  const inputs = scenario.inputs ? ratePerSecond(scenario.inputs.arrivals) * scenario.clients * seconds : 0;
  const upward = Math.round((scenario.origin === 'client' ? published : 0) + inputs);
  const upBytes =
    (scenario.origin === 'client' ? published * updateBytes : 0) + inputs * (scenario.inputs?.payload.bytes ?? 0);
  const publishFraming = transport === 'websocket' ? 12 : 190;
  const cpuWindowMs = ((requests + received) * cost.cpuUs * noise + published * 60) / 1000;
  const samples = Array.from({ length: 3_000 }, () => deliveryMs(spot, random));
  const updateGapMs = 1000 / ratePerSecond(scenario.arrivals);
  const delivery = histogramOf(samples, received);
  const down = Math.round(requests * cost.answerBytes + received * cost.frameBytes);
  const up = Math.round(requests * cost.requestBytes + upward * publishFraming);
  const idleRssBytes = 58_000_000;
  const process = { core: 0, cpuDrainMs: 2, heapBytes: 14_000_000, externalBytes: 3_000_000 };
  return {
    schemaVersion: 1,
    ...place,
    scenario: scenario.name,
    transport,
    path: {
      network: 'loopback',
      rttMs,
      delay: rttMs > 0 ? 'tcp-relay' : 'none',
      caveats:
        rttMs > 0
          ? ['The TCP relay delays bytes, not packets: there is no slow start.', 'First bytes carry the handshake.']
          : [],
    },
    seed: `42/${scenario.name}/${place.block}`,
    startedAt: '2025-01-31T12:00:00.000Z',
    status: 'completed',
    window: { durationMs: seconds * 1000, warmupMs: 5_000, warmupOperations: 12_400, drainMs: 640 },
    updates: {
      intended: published,
      published,
      accepted: published,
      intendedInputs: Math.round(inputs),
      publishedInputs: Math.round(inputs),
      acceptedInputs: Math.round(inputs),
      repeatedPublishes: 0,
    },
    ledger: {
      expected: Math.round(expected),
      received,
      conflated: Math.round(expected) - received,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      clientsOutOfBalance: 0,
      faults: [],
    },
    latency: {
      delivery,
      downlink: histogramOf(
        samples.map((ms) => (scenario.origin === 'client' ? ms - rttMs / 2 : ms)),
        received,
      ),
      uplink: histogramOf(scenario.origin === 'client' ? samples.map(() => rttMs / 2 + 0.2 + random()) : [], published),
      setUp: histogramOf(
        samples.slice(0, 200).map(() => rttMs * 2 + 3 * random()),
        scenario.clients,
      ),
    },
    staleFraction: 1 - Math.exp(-delivery.meanMs / updateGapMs / 1.6),
    bytes: {
      down: {
        encodedUpdateBytes: received * updateBytes,
        framingBytes: down,
        drainFramingBytes: Math.round(down / 20),
      },
      up: { encodedUpdateBytes: Math.round(upBytes), framingBytes: up, drainFramingBytes: Math.round(up / 20) },
      serverReadBytes: Math.round(upBytes) + up,
      serverWrittenBytes: received * updateBytes + down,
      relayUpBytes: rttMs > 0 ? Math.round(upBytes) + up : null,
      relayDownBytes: rttMs > 0 ? received * updateBytes + down : null,
      setUpUpBytes: scenario.clients * 210,
      setUpDownBytes: scenario.clients * 180,
      whole: {
        clientReadBytes: received * updateBytes + down + scenario.clients * 180,
        clientWrittenBytes: Math.round(upBytes) + up + scenario.clients * 210,
        serverReadBytes: Math.round(upBytes) + up + scenario.clients * 210,
        serverWrittenBytes: received * updateBytes + down + scenario.clients * 180,
        relayUpBytes: rttMs > 0 ? Math.round(upBytes) + up + scenario.clients * 210 : null,
        relayDownBytes: rttMs > 0 ? received * updateBytes + down + scenario.clients * 180 : null,
      },
    },
    counts: {
      requests,
      drainRequests: Math.round(requests / 20),
      emptyAnswers,
      intendedPolls: Math.round(polls),
      skippedPolls: 0,
      connections: scenario.clients * (scenario.origin === 'client' && transport !== 'websocket' ? 2 : 1),
      reconnects: 0,
      heartbeats: 0,
      errors: 0,
      slowReaders: 0,
    },
    setUpMs: 1_000 + 50 * random(),
    lateness: {
      source: histogramOf(
        samples.slice(0, 300).map(() => 0.04 + 0.05 * random()),
        published,
      ),
      publish: histogramOf(
        scenario.origin === 'client' ? samples.slice(0, 300).map(() => 0.1 * random()) : [],
        published,
      ),
      poll: histogramOf(polls > 0 ? samples.slice(0, 300).map(() => 0.3 * random()) : [], Math.round(polls)),
    },
    processes: (['server', 'load', 'source', 'relay'] as const)
      .filter((role) => role !== 'relay' || rttMs > 0)
      .map((role) => ({
        ...process,
        role,
        name: role === 'server' ? 'server-1' : `${role}-1`,
        cpuWindowMs: cpuWindowMs * { server: 1, load: 1.7, source: 0.1, relay: 1.3 }[role],
        idleRssBytes,
        rssBytes: idleRssBytes + Math.round(scenario.clients * (role === 'server' ? 21_000 : 15_000) * noise),
        eventLoopUtilization: Math.min(0.85, (cpuWindowMs / (seconds * 1000)) * 1.1),
      })),
  };
}
