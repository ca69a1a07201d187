import type { LoadFigures } from '../clients/load.ts';
import type { Specimen } from '../clients/specimen.ts';
import type { Window } from '../clients/staleness.ts';
import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import type { ExchangeEvent } from '../protocol/exchange.ts';
import type { ProcessSample } from '../protocol/process-sample.ts';
import { createRecorder } from '../protocol/recorder.ts';
import type { CompletedTrial, ProcessFigures } from '../results/schema.ts';
import { emissions, publishes } from '../scenarios/schedule.ts';
import { cohortRecords, meanMs } from './cohort-record.ts';
import { type Crew, membersOf } from './crew.ts';
import { mergeDistributions } from './distribution.ts';
import { exchangeRecord } from './exchange-record.ts';
import { settleLedger } from './ledger.ts';
import { packetRecord } from './packet-record.ts';
import type { PlannedTrial } from './plan.ts';
import { type Snapshot, sumSockets, sumTally } from './snapshot.ts';
import { specimenRecord } from './specimen-record.ts';
import { type Storm, stormRecord } from './storm.ts';
import { timelineRecord } from './timeline-record.ts';

type Samples = ReadonlyMap<string, ProcessSample>;

/** Everything that was read in one trial, before any of it is added up. */
export type Readings = {
  readonly samples: {
    readonly idle: Samples;
    readonly connected: Samples;
    readonly start: Samples;
    readonly end: Samples;
    readonly drained: Samples;
  };
  readonly snapshots: { readonly connected: Snapshot; readonly before: Snapshot; readonly after: Snapshot };
  readonly setUp: readonly string[];
  readonly setUpMs: number;
  readonly drainMs: number;
  readonly emitted: number;
  readonly sourceLateness: string | undefined;
  readonly relayLateness: readonly string[];
  readonly window: Window;
  readonly hostCpuMs: number | null;
  readonly kernelSocketBytes: CompletedTrial['kernelSocketBytes'];
  readonly updates: AcceptedUpdates;
  readonly serverExchange: readonly ExchangeEvent[];
  /** Clients by server, when all were subscribed; undefined without a proxy. */
  readonly clientsByNode: readonly number[] | undefined;
  /** Clients that each server behind a proxy of the user had seen then; undefined where there is none to spread over. */
  readonly clientsSeen: readonly number[] | undefined;
  readonly storm: Storm | undefined;
  /** Only where one was captured. */
  readonly specimen: Specimen | undefined;
  readonly figures: readonly LoadFigures[];
};

export type TrialFigures = Omit<
  CompletedTrial,
  'schemaVersion' | 'status' | 'block' | 'position' | 'scenario' | 'transport' | 'path' | 'seed' | 'startedAt'
>;

/** Adds the readings of a trial up to its figures. */
export function figuresOf(trial: PlannedTrial, crew: Crew, readings: Readings): TrialFigures {
  const { planned } = trial;
  const { snapshots, figures, updates } = readings;
  const { connected, before, after } = snapshots;
  const merge = (name: 'delivery' | 'downlink' | 'pollLateness' | 'publishLateness') =>
    mergeDistributions(figures.map((figure) => figure[name]));
  const total = (of: (figure: LoadFigures) => number) => figures.reduce((sum, figure) => sum + of(figure), 0);
  const connectionsMade = sumSockets(after, 'openedSockets') - sumSockets(before, 'openedSockets');
  return {
    window: {
      durationMs: planned.durationMs,
      warmupMs: planned.warmupMs,
      warmupOperations: sumTally(before, 'requests') + sumTally(before, 'deliveries'),
      drainMs: readings.drainMs,
    },
    updates: countUpdates(trial, readings),
    ledger: settleLedger(before.books, after.books, updates, planned.scenario),
    latency: {
      delivery: merge('delivery'),
      downlink: merge('downlink'),
      uplink: uplinkOf(trial, updates),
      setUp: mergeDistributions(readings.setUp),
    },
    staleFraction: total(({ staleUs }) => staleUs) / (planned.durationMs * 1000 * planned.scenario.clients),
    meanStalenessMs: meanMs(
      total(({ knowing }) => knowing.sumUs),
      total(({ knowing }) => knowing.updates),
    ),
    timeline: timelineRecord(figures.map(({ timeline }) => timeline)),
    cohorts: cohortRecords(planned, { before, after }, figures),
    exchange:
      trial.repeat === 0
        ? exchangeRecord(planned.scenario, readings.window, readings.serverExchange, updates, figures)
        : null,
    specimen: readings.specimen ? specimenRecord(readings.specimen) : null,
    bytes: {
      ...countBytes(trial, before, after),
      setUpUpBytes: sumSockets(connected, 'writtenBytes'),
      setUpDownBytes: sumSockets(connected, 'readBytes'),
      packets: packetRecord({ connected, before, after }),
      ...(trial.route.tls && { tls: tlsRecord({ connected, before, after }) }),
      whole: wholeConnections(after),
    },
    counts: countEvents(before, after),
    setUpMs: readings.setUpMs,
    hostCpuWindowMs: readings.hostCpuMs,
    kernelSocketBytes: readings.kernelSocketBytes,
    lateness: {
      source: mergeDistributions(readings.sourceLateness === undefined ? [] : [readings.sourceLateness]),
      publish: merge('publishLateness'),
      poll: merge('pollLateness'),
      relay: mergeDistributions(readings.relayLateness),
    },
    processes: [...membersOf(crew), ...crew.fallen.map(({ member }) => member)].map(({ role, name, core }) =>
      processFigures(role, name, core, readings.samples),
    ),
    outstandingMs: figures.reduce((sum, figure) => sum + figure.outstandingUs, 0) / 1000,
    ...proxyRecord(trial, crew, readings),
    ...(readings.clientsSeen && { clientsSeenByServer: [...readings.clientsSeen] }),
    ...(readings.storm && { storm: stormRecord(readings.storm, readings.window.startUs, figures, connectionsMade) }),
  };
}

function proxyRecord(
  { repeat }: PlannedTrial,
  { startedProxy }: Crew,
  { clientsByNode, snapshots: { before, after } }: Readings,
): Pick<CompletedTrial, 'proxy'> {
  if (!startedProxy || !clientsByNode) return {};
  const { version, configuration, workers } = startedProxy;
  return {
    proxy: {
      version,
      configuration: repeat === 0 ? configuration : null,
      workers,
      clientsByNode: [...clientsByNode],
      upstreamConnections: after.server.sockets.openedSockets - before.server.sockets.openedSockets,
    },
  };
}

function countUpdates(trial: PlannedTrial, { snapshots, updates, emitted }: Readings): CompletedTrial['updates'] {
  const { scenario, durationMs } = trial.planned;
  const { before, after } = snapshots;
  const planned = publishes(scenario, trial.seed, durationMs * 1000);
  const intendedInputs = planned.filter(({ kind }) => kind === 'input').length;
  const intendedPublishes = planned.length - intendedInputs;
  const accepted = updates.channel.filter((channel) => channel < scenario.channels).length;
  const published = sumTally(after, 'publishedUpdates') - sumTally(before, 'publishedUpdates');
  return {
    intended: intendedPublishes + emissions(scenario, trial.seed, durationMs * 1000).length,
    published: published + emitted,
    accepted,
    intendedInputs,
    publishedInputs: sumTally(after, 'publishedInputs') - sumTally(before, 'publishedInputs'),
    acceptedInputs: updates.channel.length - accepted,
    repeatedPublishes: after.books.server.repeatedPublishes - before.books.server.repeatedPublishes,
  };
}

/** Intended instant to acceptance, of what clients published for others. */
function uplinkOf(trial: PlannedTrial, updates: AcceptedUpdates): CompletedTrial['latency']['uplink'] {
  const recorder = createRecorder();
  for (const [row, publisher] of updates.publisher.entries()) {
    if (publisher < 0 || updates.channel[row]! >= trial.planned.scenario.channels) continue;
    recorder.record(updates.acceptedUs[row]! - updates.intendedUs[row]!);
  }
  return mergeDistributions([recorder.encoded()]);
}

function countBytes(
  { planned, route }: PlannedTrial,
  before: Snapshot,
  after: Snapshot,
): Omit<CompletedTrial['bytes'], 'setUpUpBytes' | 'setUpDownBytes' | 'packets' | 'tls' | 'whole'> {
  const tallied = (name: Parameters<typeof sumTally>[1]) => sumTally(after, name) - sumTally(before, name);
  // Inside TLS where there is any, which is a layer of its own.
  const readBytes = sumSockets(after, 'plainReadBytes') - sumSockets(before, 'plainReadBytes');
  const writtenBytes = sumSockets(after, 'plainWrittenBytes') - sumSockets(before, 'plainWrittenBytes');
  const published = tallied('publishedBytes') - tallied('savedPublishBytes');
  const uncompressed = (bytes: number) => (route.compression ? { uncompressedUpdateBytes: bytes } : {});
  const [whole, wholeBefore] = [wholeConnections(after), wholeConnections(before)];
  const difference = (name: keyof typeof whole) => (whole[name] ?? 0) - (wholeBefore[name] ?? 0);
  return {
    down: {
      encodedUpdateBytes: tallied('updateBytes'),
      framingBytes: readBytes - tallied('updateBytes'),
      drainFramingBytes: tallied('drainDownFramingBytes'),
      surplusUpdateBytes: planned.scenario.semantics === 'latest' ? tallied('surplusUpdateBytes') : 0,
      ...uncompressed(tallied('updateBytes') + tallied('savedUpdateBytes')),
    },
    up: {
      encodedUpdateBytes: published,
      framingBytes: writtenBytes - published,
      drainFramingBytes: tallied('drainUpFramingBytes'),
      surplusUpdateBytes: 0,
      ...uncompressed(tallied('publishedBytes')),
    },
    serverReadBytes: difference('serverReadBytes'),
    serverWrittenBytes: difference('serverWrittenBytes'),
    relayUpBytes: whole.relayUpBytes === null ? null : difference('relayUpBytes'),
    relayDownBytes: whole.relayDownBytes === null ? null : difference('relayDownBytes'),
  };
}

/** What TLS adds: the bytes at the sockets beyond those that it was given to carry. */
function tlsRecord({ connected, before, after }: Readings['snapshots']): NonNullable<CompletedTrial['bytes']['tls']> {
  const down = (edge: Snapshot) => sumSockets(edge, 'readBytes') - sumSockets(edge, 'plainReadBytes');
  const up = (edge: Snapshot) => sumSockets(edge, 'writtenBytes') - sumSockets(edge, 'plainWrittenBytes');
  return {
    setUpUp: up(connected),
    setUpDown: down(connected),
    windowUp: up(after) - up(before),
    windowDown: down(after) - down(before),
    drainUp: sumTally(after, 'drainUpTlsBytes') - sumTally(before, 'drainUpTlsBytes'),
    drainDown: sumTally(after, 'drainDownTlsBytes') - sumTally(before, 'drainDownTlsBytes'),
  };
}

/** All bytes since the first connect, as each party counted them. */
function wholeConnections(snapshot: Snapshot): CompletedTrial['bytes']['whole'] {
  const relayed = (name: 'upBytes' | 'downBytes') =>
    snapshot.relays.length === 0 ? null : snapshot.relays.reduce((sum, relay) => sum + relay[name], 0);
  return {
    clientReadBytes: sumSockets(snapshot, 'readBytes'),
    clientWrittenBytes: sumSockets(snapshot, 'writtenBytes'),
    serverReadBytes: snapshot.server.sockets.readBytes,
    serverWrittenBytes: snapshot.server.sockets.writtenBytes,
    relayUpBytes: relayed('upBytes'),
    relayDownBytes: relayed('downBytes'),
  };
}

function countEvents(before: Snapshot, after: Snapshot): CompletedTrial['counts'] {
  const tallied = (name: Parameters<typeof sumTally>[1]) => sumTally(after, name) - sumTally(before, name);
  return {
    requests: tallied('requests'),
    drainRequests: tallied('drainRequests'),
    emptyAnswers: tallied('emptyAnswers'),
    intendedPolls: tallied('intendedPolls'),
    skippedPolls: tallied('skippedPolls'),
    connections: sumSockets(before, 'openSockets'),
    reconnects: tallied('reconnects'),
    heartbeats: after.server.tally.heartbeats - before.server.tally.heartbeats,
    errors: tallied('errors'),
    slowReaders: after.server.tally.slowReaders - before.server.tally.slowReaders,
  };
}

function processFigures(
  role: ProcessFigures['role'],
  name: string,
  core: number | null,
  { idle, connected, start, end, drained }: Readings['samples'],
): ProcessFigures {
  const at = (samples: Samples) => samples.get(name)!;
  const idleMs = at(end).eventLoop.idleMs - at(start).eventLoop.idleMs;
  const activeMs = at(end).eventLoop.activeMs - at(start).eventLoop.activeMs;
  return {
    role,
    name,
    core,
    cpuConnectMs: (at(connected).cpuUs - at(idle).cpuUs) / 1000,
    cpuWindowMs: (at(end).cpuUs - at(start).cpuUs) / 1000,
    cpuDrainMs: (at(drained).cpuUs - at(end).cpuUs) / 1000,
    rssBytes: at(drained).rssBytes,
    idleRssBytes: at(idle).rssBytes,
    connectedRssBytes: at(connected).rssBytes,
    heapBytes: at(drained).heapBytes,
    externalBytes: at(drained).externalBytes,
    eventLoopUtilization: activeMs / Math.max(idleMs + activeMs, Number.MIN_VALUE),
  };
}
