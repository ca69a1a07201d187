import type { Books } from '../../bench/readings/ledger.ts';
import type { Snapshot } from '../../bench/readings/snapshot.ts';
import type { CohortTraffic } from '../../clients/load/cohorts.ts';
import type { LoadCounters, LoadFigures } from '../../clients/load/load.ts';
import { emptyTimeline } from '../../clients/subscriber/latency-timeline.ts';
import type { ClientLedger } from '../../clients/subscriber/ledger.ts';
import { emptyLoadTally } from '../../clients/subscriber/transport-client.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { PacketCounters } from '../../network/isolated/interface-counters.ts';
import { noBytes, type SocketTotals } from '../../network/sockets/socket-bytes.ts';
import { type AcceptedUpdates, emptyUpdates } from '../../protocol/accepted-updates.ts';
import type { ServerCounters, ServerLedger } from '../../servers/main/main.ts';

/**
 * Readings of a trial as plain data. Each builder takes the values that matter to a test and fills in the rest with 0
 * or nothing. So a figure that reads the wrong field is 0 or another literal.
 */

const noTally: LoadCounters['tally'] = {
  ...emptyLoadTally(),
  deliveries: 0,
  updateBytes: 0,
  savedUpdateBytes: 0,
  acknowledgedPublishes: 0,
  publishedUpdates: 0,
  publishedInputs: 0,
  publishedBytes: 0,
  intendedPolls: 0,
  skippedPolls: 0,
};

const noSockets: SocketTotals = { ...noBytes, openedSockets: 0, openSockets: 0 };

const noTraffic: CohortTraffic = {
  clients: 0,
  updateBytes: 0,
  requests: 0,
  readBytes: 0,
  writtenBytes: 0,
  drainRequests: 0,
  drainReadBytes: 0,
  drainWrittenBytes: 0,
  surplusUpdateBytes: 0,
};

export type GivenLoad = {
  readonly sockets?: Partial<SocketTotals>;
  readonly tally?: Partial<LoadCounters['tally']>;
  readonly cohorts?: readonly Partial<CohortTraffic>[];
};

/** The counters of one load process. */
export function loadCounters({ sockets, tally, cohorts = [] }: GivenLoad): LoadCounters {
  return {
    sockets: { ...noSockets, ...sockets },
    tally: { ...noTally, ...tally },
    cohorts: cohorts.map((cohort) => ({ ...noTraffic, ...cohort })),
  };
}

export type GivenServer = {
  readonly sockets?: Partial<SocketTotals>;
  readonly tally?: Partial<ServerCounters['tally']>;
};

/** The counters of one server. */
export function serverCounters({ sockets, tally }: GivenServer): ServerCounters {
  return {
    sockets: { ...noSockets, ...sockets },
    tally: { requests: 0, emptyAnswers: 0, heartbeats: 0, slowReaders: 0, ...tally },
  };
}

/** The ledger of a server whose channels have these newest versions. */
export function serverLedger(heads: readonly number[], given: Partial<ServerLedger> = {}): ServerLedger {
  return {
    acceptedFromSource: 0,
    heads: Uint32Array.from(heads),
    conflated: new Map(),
    repeatedPublishes: 0,
    ...given,
  };
}

/** The ledger of a client that has received nothing, except for the given fields. */
export function clientLedger(given: Partial<ClientLedger>): ClientLedger {
  return { client: 0, channel: 0, received: 0, missing: 0, duplicated: 0, outOfOrder: 0, newest: undefined, ...given };
}

/** Packets and bytes of one direction, lost packets, and retransmitted segments. */
type GivenDirection = {
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly again: number;
};

/** The packet counters of the kernel. */
export function packetCounters({ up, down }: Readonly<Record<'up' | 'down', GivenDirection>>): PacketCounters {
  return {
    up: { packets: up.packets, bytes: up.bytes },
    down: { packets: down.packets, bytes: down.bytes },
    lostUp: up.lost,
    lostDown: down.lost,
    retransmittedUp: up.again,
    retransmittedDown: down.again,
  };
}

export type GivenEdge = {
  readonly loads?: readonly GivenLoad[];
  readonly server?: GivenServer;
  /** Bytes up and down of each relay. */
  readonly relays?: readonly (readonly [number, number])[];
  readonly books?: Books;
  readonly packets?: PacketCounters;
  readonly readAt?: Date;
};

/** All counters at one quiet edge. */
export function edge({
  loads = [],
  server = {},
  relays = [],
  books,
  packets,
  readAt = new Date(0),
}: GivenEdge): Snapshot {
  return {
    server: serverCounters(server),
    loads: loads.map(loadCounters),
    relays: relays.map(([upBytes, downBytes]) => ({ upBytes, downBytes, connections: 0 })),
    books: books ?? { clients: [], server: serverLedger([]) },
    packets,
    readAt,
  };
}

/** A histogram of durations in microseconds, encoded as a process sends it. Values below 2,048 are kept exactly. */
export function recorded(...us: readonly number[]): string {
  const recorder = createRecorder();
  for (const each of us) recorder.record(each);
  return recorder.encoded();
}

const nothing = recorded();

/** The figures of one load process after its settlement. */
export function loadFigures(given: Partial<LoadFigures>): LoadFigures {
  return {
    delivery: nothing,
    downlink: nothing,
    pollLateness: nothing,
    publishLateness: nothing,
    staleUs: 0,
    outstandingUs: 0,
    knowing: { sumUs: 0, updates: 0 },
    timeline: emptyTimeline(),
    cohorts: [],
    broadcasts: { delivery: nothing, reached: [] },
    exchange: [],
    ...given,
  };
}

/** The resources that one process has used up to one instant. */
export function processSample(given: Partial<ProcessSample>): ProcessSample {
  return {
    cpuUs: 0,
    rssBytes: 0,
    heapBytes: 0,
    externalBytes: 0,
    eventLoop: { idleMs: 0, activeMs: 0 },
    spunMs: 0,
    ...given,
  };
}

export type GivenUpdate = {
  readonly channel: number;
  readonly version: number;
  /** A client; -1 for the source, which is the default. */
  readonly publisher?: number;
  readonly intendedUs?: number;
  readonly acceptedUs?: number;
};

/** The updates that the server accepted, row by row. */
export function acceptedRows(...rows: readonly GivenUpdate[]): AcceptedUpdates {
  const updates = emptyUpdates(rows.length);
  for (const [row, { channel, version, publisher = -1, intendedUs = 0, acceptedUs = 0 }] of rows.entries()) {
    updates.channel[row] = channel;
    updates.version[row] = version;
    updates.publisher[row] = publisher;
    updates.intendedUs[row] = intendedUs;
    updates.acceptedUs[row] = acceptedUs;
  }
  return updates;
}
