import type { ClientWork } from '../../clients/load/client-work.ts';
import type { LoadFigures } from '../../clients/load/load.ts';
import type { Specimen } from '../../clients/load/specimen.ts';
import type { Disturbances } from '../../clients/load/undisturbed.ts';
import type { Window } from '../../clients/subscriber/staleness.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import { coreUseOf } from '../../results/core-use.ts';
import type { CompletedTrial, Histogram } from '../../results/schema/schema.ts';
import { emissions, type Phase, publishes, updatesIn } from '../../scenarios/schedule.ts';
import type { Crew } from '../fleet/crew.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { ProcessGaps } from '../readings/gaps.ts';
import { settleLedger } from '../readings/ledger.ts';
import { type Snapshot, sumSockets, sumTally } from '../readings/snapshot.ts';
import { broadcastRecord } from './broadcast-record.ts';
import { byteRecord, type Edges } from './byte-record.ts';
import { cohortRecords, meanMs } from './cohort-record.ts';
import { mergeDistributions } from './distribution.ts';
import { exchangeRecord } from './exchange-record.ts';
import { processRecords, type StageSamples } from './process-record.ts';
import { specimenRecord } from './specimen-record.ts';
import { stallRecord } from './stall-record.ts';
import { type Storm, stormRecord } from './storm-record.ts';
import { timelineRecord } from './timeline-record.ts';

/** Everything that was read in one trial, before anything is added up. */
export type Readings = {
  readonly samples: StageSamples;
  readonly snapshots: Edges;
  readonly setUp: readonly string[];
  readonly setUpMs: number;
  /** What these processes had played before the window: the warm-up, and the windows that it goes on after. */
  readonly playedMs: number;
  readonly drainMs: number;
  readonly emitted: number;
  readonly sourceLateness: string | undefined;
  readonly relayLateness: readonly string[];
  readonly window: Window;
  readonly hostCpuMs: number | null;
  readonly kernelSocketBytes: CompletedTrial['kernelSocketBytes'];
  readonly kernelSlabBytes: NonNullable<CompletedTrial['kernelSlabBytes']>;
  readonly updates: AcceptedUpdates;
  readonly serverExchange: readonly ExchangeEvent[];
  /** How many clients each server had when all were subscribed; undefined without a proxy. */
  readonly clientsByNode: readonly number[] | undefined;
  /** How many clients each server behind the user's own proxy had seen by then; undefined unless there are several. */
  readonly clientsSeen: readonly number[] | undefined;
  readonly storm: Storm | undefined;
  /** Undefined if none was captured: after the first repeat, and before another window. */
  readonly specimen: Specimen | undefined;
  /** Undefined after the first repeat, before another window, and on paths that the echo does not speak. */
  readonly clientWork: ClientWork | undefined;
  /** Undefined unless the trial was planned for it. */
  readonly closedLoop: CompletedTrial['closedLoop'];
  readonly figures: readonly LoadFigures[];
  readonly stalls: {
    readonly gaps: readonly ProcessGaps[];
    readonly disturbances: Disturbances;
    /** Encoded latencies of the deliveries that were not disturbed, by load process. */
    readonly undisturbed: readonly string[];
  };
};

export type TrialFigures = Omit<
  CompletedTrial,
  'schemaVersion' | 'status' | 'block' | 'position' | 'scenario' | 'point' | 'transport' | 'path' | 'seed' | 'startedAt'
>;

/** Works out the figures of a trial from what was read. Pure. */
export function figuresOf(trial: PlannedTrial, crew: Crew, readings: Readings): TrialFigures {
  const processes = processRecords(crew, readings.samples);
  const { planned, serverCpus } = trial;
  const quota = serverCpus === undefined ? {} : { serverCpus };
  const { snapshots, figures, updates } = readings;
  const { before, after } = snapshots;
  const latency = latencyRecord(trial, readings);
  const connectionsMade = sumSockets(after, 'openedSockets') - sumSockets(before, 'openedSockets');
  return {
    window: windowRecord(trial, readings),
    updates: countUpdates(trial, readings),
    ledger: settleLedger(before.books, after.books, updates, planned.scenario),
    latency,
    ...freshnessRecord(trial, figures),
    timeline: timelineRecord(figures.map(({ timeline }) => timeline)),
    cohorts: cohortRecords(planned, snapshots, figures),
    ...broadcastsOf(readings),
    ...shownRecord(trial, readings),
    bytes: byteRecord(trial, snapshots),
    counts: countEvents(before, after),
    setUpMs: readings.setUpMs,
    hostCpuWindowMs: readings.hostCpuMs,
    ...quota,
    kernelSocketBytes: readings.kernelSocketBytes,
    kernelSlabBytes: readings.kernelSlabBytes,
    lateness: latenessRecord(readings),
    processes,
    limit: coreUseOf({ processes, hostCpuWindowMs: readings.hostCpuMs, window: planned, ...quota }).limit,
    outstandingMs: total(figures, ({ outstandingUs }) => outstandingUs) / 1000,
    ...proxyRecord(trial, crew, readings),
    ...(readings.clientsSeen && { clientsSeenByServer: [...readings.clientsSeen] }),
    ...(readings.storm && { storm: stormRecord(readings.storm, readings.window.startUs, figures, connectionsMade) }),
    stalls: stallsOf(readings, latency.delivery),
    ...(readings.clientWork && { clientWork: readings.clientWork }),
    ...(readings.closedLoop && { closedLoop: readings.closedLoop }),
  };
}

function broadcastsOf({ window, figures }: Readings): Pick<CompletedTrial, 'broadcasts'> {
  const broadcasts = broadcastRecord(window.startUs, figures);
  return broadcasts ? { broadcasts } : {};
}

/** A sum over all load processes. */
function total(figures: readonly LoadFigures[], of: (figure: LoadFigures) => number): number {
  return figures.reduce((sum, figure) => sum + of(figure), 0);
}

type DistributionName = 'delivery' | 'downlink' | 'pollLateness' | 'publishLateness';

function merged(figures: readonly LoadFigures[], name: DistributionName): Histogram {
  return mergeDistributions(figures.map((figure) => figure[name]));
}

function windowRecord({ planned }: PlannedTrial, { snapshots, playedMs, drainMs }: Readings): CompletedTrial['window'] {
  const { connected, before, after } = snapshots;
  return {
    edges: {
      connectedAt: connected.readAt.toISOString(),
      openedAt: before.readAt.toISOString(),
      closedAt: after.readAt.toISOString(),
    },
    durationMs: planned.durationMs,
    warmupMs: playedMs,
    warmupOperations: sumTally(before, 'requests') + sumTally(before, 'deliveries'),
    drainMs,
  };
}

function latencyRecord(trial: PlannedTrial, { figures, setUp, updates }: Readings): CompletedTrial['latency'] {
  return {
    delivery: merged(figures, 'delivery'),
    downlink: merged(figures, 'downlink'),
    uplink: uplinkOf(trial, updates),
    setUp: mergeDistributions(setUp),
  };
}

/** How fresh the clients' views were. */
function freshnessRecord(
  { planned: { scenario, durationMs } }: PlannedTrial,
  figures: readonly LoadFigures[],
): Pick<CompletedTrial, 'staleFraction' | 'meanStalenessMs'> {
  return {
    staleFraction: total(figures, ({ staleUs }) => staleUs) / (durationMs * 1000 * scenario.clients),
    meanStalenessMs: meanMs(
      total(figures, ({ knowing }) => knowing.sumUs),
      total(figures, ({ knowing }) => knowing.updates),
    ),
  };
}

/** The exchange of one client, by event and by byte. */
function shownRecord(
  { planned, repeat }: PlannedTrial,
  { window, serverExchange, updates, figures, specimen }: Readings,
): Pick<CompletedTrial, 'exchange' | 'specimen'> {
  return {
    exchange: repeat === 0 ? exchangeRecord(planned.scenario, window, serverExchange, updates, figures) : null,
    specimen: specimen ? specimenRecord(specimen) : null,
  };
}

function latenessRecord({ figures, sourceLateness, relayLateness }: Readings): CompletedTrial['lateness'] {
  return {
    source: mergeDistributions(sourceLateness === undefined ? [] : [sourceLateness]),
    publish: merged(figures, 'publishLateness'),
    poll: merged(figures, 'pollLateness'),
    relay: mergeDistributions(relayLateness),
  };
}

function stallsOf({ stalls, window }: Readings, delivery: Histogram): NonNullable<CompletedTrial['stalls']> {
  return stallRecord(stalls.gaps, stalls.disturbances, stalls.undisturbed, { window, delivery });
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
  const phase: Phase = { kind: 'window', scenario, seed: trial.seed, durationUs: durationMs * 1000 };
  const planned = publishes(phase);
  const intendedInputs = planned.filter(({ kind }) => kind === 'input').length;
  const intendedPublishes = planned.length - intendedInputs;
  const accepted = updates.channel.filter((channel) => channel < scenario.channels).length;
  const published = sumTally(after, 'publishedUpdates') - sumTally(before, 'publishedUpdates');
  return {
    intended: intendedPublishes + updatesIn(emissions(phase), scenario.channels),
    published: published + emitted,
    accepted,
    intendedInputs,
    publishedInputs: sumTally(after, 'publishedInputs') - sumTally(before, 'publishedInputs'),
    acceptedInputs: updates.channel.length - accepted,
    repeatedPublishes: after.books.server.repeatedPublishes - before.books.server.repeatedPublishes,
  };
}

/**
 * Latency from intended instant to acceptance, of updates that clients published; without the source's updates and
 * inputs.
 */
function uplinkOf(trial: PlannedTrial, updates: AcceptedUpdates): Histogram {
  const recorder = createRecorder();
  for (const [row, publisher] of updates.publisher.entries()) {
    if (publisher < 0 || updates.channel[row]! >= trial.planned.scenario.channels) continue;
    recorder.record(updates.acceptedUs[row]! - updates.intendedUs[row]!);
  }
  return mergeDistributions([recorder.encoded()]);
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
