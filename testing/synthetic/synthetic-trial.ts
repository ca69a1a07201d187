import type { Transport } from '../../protocol/transport.ts';
import { type CompletedTrial, schemaVersion } from '../../results/schema/schema.ts';
import type { Arrivals } from '../../scenarios/scenario.ts';
import { syntheticCohorts } from './synthetic-cohorts.ts';
import { syntheticExchange } from './synthetic-exchange.ts';
import { histogramOf } from './synthetic-histogram.ts';
import { syntheticSpecimen } from './synthetic-specimen.ts';
import type { Spot } from './synthetic-spot.ts';

/** Random numbers from 0 to below 1. */
export type Random = () => number;

type Cost = {
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly frameBytes: number;
  readonly publishBytes: number;
  readonly cpuUs: number;
};

const costs: Readonly<Record<Transport, Cost>> = {
  'short-polling': { requestBytes: 96, answerBytes: 168, frameBytes: 5, publishBytes: 190, cpuUs: 62 },
  'long-polling': { requestBytes: 108, answerBytes: 168, frameBytes: 5, publishBytes: 190, cpuUs: 70 },
  sse: { requestBytes: 0, answerBytes: 0, frameBytes: 22, publishBytes: 190, cpuUs: 14 },
  websocket: { requestBytes: 0, answerBytes: 0, frameBytes: 4, publishBytes: 12, cpuUs: 13.5 },
};

/** For tests only: one plausible trial. Its ledger balances, and it has no faults. */
export function syntheticTrial(
  spot: Spot,
  place: Pick<CompletedTrial, 'block' | 'position'>,
  random: Random,
): CompletedTrial {
  const { scenario, transport, rttMs, seconds } = spot;
  const amounts = amountsOf(spot);
  const samples = Array.from({ length: 1_000 }, () => deliveryMs(spot, random));
  const latency = latencyOf(spot, amounts, samples, random);
  return {
    schemaVersion,
    ...place,
    scenario: scenario.name,
    point: spot.point,
    transport,
    path: pathOf(rttMs),
    seed: `42/${scenario.name}/${place.block}`,
    startedAt: '2025-01-31T12:00:00.000Z',
    status: 'completed',
    window: { durationMs: seconds * 1000, warmupMs: 5_000, warmupOperations: 12_400, drainMs: 640 },
    updates: updatesOf(amounts),
    ledger: ledgerOf(amounts),
    latency,
    staleFraction: 1 - Math.exp((-latency.delivery.meanMs * ratePerSecond(scenario.arrivals)) / 1600),
    meanStalenessMs: latency.delivery.meanMs,
    timeline: timelineOf({ ...latency.delivery, minMs: Math.min(...samples) }, random),
    cohorts: syntheticCohorts(scenario, transport, rttMs, seconds),
    exchange: syntheticExchange(spot),
    specimen: syntheticSpecimen(spot),
    bytes: bytesOf(spot, amounts),
    counts: countsOf(spot, amounts),
    hostCpuWindowMs: null,
    kernelSocketBytes: { idle: 0, connected: 0 },
    setUpMs: 1_000 + 50 * random(),
    lateness: latenessOf(spot, amounts, random),
    processes: processesOf(spot, amounts, random),
    outstandingMs: amounts.received * latency.delivery.meanMs,
    clockUncertaintyUs: 1.4,
    noise: quietMachine,
  };
}

const quietMachine: NonNullable<CompletedTrial['noise']> = {
  stealShare: 0,
  strangerShare: 0.01,
  throttledMs: 0,
  spins: [
    { core: 0, fastestUs: 400, slowdown: 1.03 },
    { core: 1, fastestUs: 402, slowdown: 1.02 },
  ],
  tasks: [
    { core: 0, count: 100, medianUs: 82, cpuMs: 7.1 },
    { core: 1, count: 100, medianUs: 80, cpuMs: 6.9 },
  ],
};

type Range = { readonly count: number; readonly minMs: number; readonly meanMs: number; readonly maxMs: number };

type Amounts = {
  readonly published: number;
  readonly inputs: number;
  readonly expected: number;
  readonly received: number;
  readonly polls: number;
  readonly requests: number;
};

function amountsOf({ scenario, transport, seconds }: Spot): Amounts {
  const published = Math.round(ratePerSecond(scenario.arrivals) * scenario.channels * seconds);
  const inputRate = scenario.inputs ? ratePerSecond(scenario.inputs.arrivals) : 0;
  const expected = Math.round((published * scenario.clients) / scenario.channels);
  const isPolled = transport === 'short-polling';
  const polls = isPolled ? Math.round((scenario.clients * seconds * 1000) / scenario.pollIntervalMs) : 0;
  const newest = isPolled ? Math.min(expected, polls) : expected;
  const received = scenario.semantics === 'latest' ? Math.round(newest * 0.93) : expected;
  return {
    published,
    inputs: Math.round(inputRate * scenario.clients * seconds),
    expected,
    received,
    polls,
    requests: transport === 'long-polling' ? received : polls,
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

function latencyOf(
  { scenario, rttMs }: Spot,
  { received, published }: Amounts,
  samples: readonly number[],
  random: Random,
): CompletedTrial['latency'] {
  const clientsPublish = scenario.origin === 'client';
  const uplink = clientsPublish ? samples.map(() => rttMs / 2 + 0.2 + random()) : [];
  const setUp = samples.slice(0, 200).map(() => rttMs * 2 + 3 * random());
  const delivery = histogramOf(samples, received);
  return {
    delivery,
    downlink: clientsPublish
      ? histogramOf(
          samples.map((ms) => ms - rttMs / 2),
          received,
        )
      : delivery,
    uplink: histogramOf(uplink, published),
    setUp: histogramOf(setUp, scenario.clients),
  };
}

function timelineOf({ minMs, meanMs, maxMs, count }: Range, random: Random): CompletedTrial['timeline'] {
  const pieces = 40;
  return Array.from({ length: pieces }, () => ({
    count: Math.round(count / pieces),
    minMs,
    meanMs: meanMs * (0.9 + 0.2 * random()),
    maxMs: meanMs + (maxMs - meanMs) * random(),
  }));
}

function latenessOf(
  { scenario, rttMs }: Spot,
  { published, polls }: Amounts,
  random: Random,
): CompletedTrial['lateness'] {
  const late = (mostMs: number, count: number) =>
    histogramOf(count > 0 ? Array.from({ length: 300 }, () => mostMs * random()) : [], count);
  const clientsPublish = scenario.origin === 'client';
  return {
    source: late(0.09, clientsPublish ? 0 : published),
    publish: late(0.1, clientsPublish ? published : 0),
    poll: late(0.3, polls),
    relay: late(0.2, rttMs > 0 ? published * 4 : 0),
  };
}

function pathOf(rttMs: number): CompletedTrial['path'] {
  const caveats = [
    'The TCP relay delays bytes, not packets: there is no slow start.',
    'First bytes carry the handshake.',
  ];
  const link = { rttMs, jitterMs: 0, bandwidthBitsPerSecond: null, lossShare: 0, congestionControl: null };
  return rttMs > 0
    ? { network: 'loopback', ...link, delay: 'tcp-relay', caveats }
    : { network: 'loopback', ...link, delay: 'none', caveats: [] };
}

function updatesOf({ published, inputs }: Amounts): CompletedTrial['updates'] {
  return {
    intended: published,
    published,
    accepted: published,
    intendedInputs: inputs,
    publishedInputs: inputs,
    acceptedInputs: inputs,
    repeatedPublishes: 0,
  };
}

function ledgerOf({ expected, received }: Amounts): CompletedTrial['ledger'] {
  const faultless = { lost: 0, duplicated: 0, outOfOrder: 0, clientsOutOfBalance: 0, faults: [] };
  return { expected, received, conflated: expected - received, ...faultless };
}

function bytesOf({ scenario, transport, rttMs }: Spot, amounts: Amounts): CompletedTrial['bytes'] {
  const { requestBytes, answerBytes, frameBytes, publishBytes } = costs[transport];
  const { published, inputs, received, requests } = amounts;
  const updateBytes = scenario.payload.bytes + (scenario.encoding === 'json' ? 24 : 14);
  const updatesUp = scenario.origin === 'client' ? published : 0;
  const down = { updates: received * updateBytes, framing: requests * answerBytes + received * frameBytes };
  const up = {
    updates: updatesUp * updateBytes + inputs * (scenario.inputs?.payload.bytes ?? 0),
    framing: requests * requestBytes + (updatesUp + inputs) * publishBytes,
  };
  const [read, written] = [up.updates + up.framing, down.updates + down.framing];
  const [setUpUpBytes, setUpDownBytes] = [scenario.clients * 210, scenario.clients * 180];
  return {
    down: direction(down),
    up: direction(up),
    serverReadBytes: read,
    serverWrittenBytes: written,
    relayUpBytes: rttMs > 0 ? read : null,
    relayDownBytes: rttMs > 0 ? written : null,
    setUpUpBytes,
    setUpDownBytes,
    packets: null,
    whole: {
      clientReadBytes: written + setUpDownBytes,
      clientWrittenBytes: read + setUpUpBytes,
      serverReadBytes: read + setUpUpBytes,
      serverWrittenBytes: written + setUpDownBytes,
      relayUpBytes: rttMs > 0 ? read + setUpUpBytes : null,
      relayDownBytes: rttMs > 0 ? written + setUpDownBytes : null,
    },
  };
}

function direction({ updates, framing }: { updates: number; framing: number }): CompletedTrial['bytes']['down'] {
  const drainFramingBytes = Math.round(framing / 20);
  return { encodedUpdateBytes: updates, framingBytes: framing, drainFramingBytes, surplusUpdateBytes: 0 };
}

function countsOf({ scenario, transport }: Spot, { requests, received, polls }: Amounts): CompletedTrial['counts'] {
  const publishesApart = scenario.origin === 'client' && transport !== 'websocket';
  return {
    requests,
    drainRequests: Math.round(requests / 20),
    emptyAnswers: Math.max(0, requests - received),
    intendedPolls: polls,
    skippedPolls: 0,
    connections: scenario.clients * (publishesApart ? 2 : 1),
    reconnects: 0,
    heartbeats: 0,
    errors: 0,
    slowReaders: 0,
  };
}

const shareOfServerCpu = { server: 1, load: 1.7, source: 0.1, relay: 1.3 } as const;

function processesOf(
  { scenario, transport, rttMs, seconds }: Spot,
  { requests, received, published }: Amounts,
  random: Random,
): CompletedTrial['processes'] {
  const noise = Math.exp(0.06 * (random() + random() + random() - 1.5));
  const serverCpuMs = ((requests + received) * costs[transport].cpuUs * noise + published * 60) / 1000;
  const idleRssBytes = 58_000_000;
  return (['server', 'load', 'source', 'relay'] as const)
    .filter((role) => role !== 'relay' || rttMs > 0)
    .map((role) => ({
      role,
      name: `${role}-1`,
      // The server has a core of its own, as in a pinned run on two cores.
      core: role === 'server' ? 1 : 0,
      cpuWindowMs: serverCpuMs * shareOfServerCpu[role],
      cpuDrainMs: 2,
      idleRssBytes,
      connectedRssBytes: idleRssBytes + Math.round(scenario.clients * (role === 'server' ? 21_000 : 15_000) * noise),
      rssBytes: idleRssBytes + Math.round(scenario.clients * (role === 'server' ? 26_000 : 19_000) * noise),
      heapBytes: 14_000_000,
      externalBytes: 3_000_000,
      eventLoopUtilization: Math.min(0.85, (serverCpuMs / (seconds * 1000)) * 1.1),
    }));
}
