import type { LoadCounters } from '../../clients/load/load.ts';
import type { PacketCounters } from '../../network/isolated/interface-counters.ts';
import type { RelayTotals } from '../../network/relay/relay.ts';
import type { SocketTotals } from '../../network/sockets/socket-bytes.ts';
import type { ServerCounters } from '../../servers/main/main.ts';
import type { Crew } from '../fleet/crew.ts';
import type { Host } from '../fleet/host.ts';
import type { Books } from './ledger.ts';
import { readServerLedger } from './order.ts';

/** All counters at one quiet edge, since the processes started. */
export type Snapshot = {
  /** When they had been read. */
  readonly readAt: Date;
  /** The sum over all servers, killed ones included. */
  readonly server: ServerCounters;
  readonly loads: readonly LoadCounters[];
  readonly relays: readonly RelayTotals[];
  readonly books: Books;
  /** Undefined on loopback. */
  readonly packets: PacketCounters | undefined;
};

/** Reads all counters: every process of the crew at once, and the packets from the host. */
export async function takeSnapshot(crew: Crew, host: Pick<Host, 'packets' | 'date'>): Promise<Snapshot> {
  const { servers, loads, relays, fallen } = crew;
  const [serverCounters, serverLedger, loadCounters, relayTotals, ledgers] = await Promise.all([
    Promise.all(servers.map((server) => server.ask('counters'))),
    readServerLedger(crew),
    Promise.all(loads.map((load) => load.ask('counters'))),
    Promise.all(relays.map((relay) => relay.ask('counters'))),
    Promise.all(loads.map((load) => load.ask('ledger'))),
  ]);
  return {
    server: sumServers([...serverCounters, ...fallen.map(({ counters }) => counters)]),
    loads: loadCounters,
    relays: relayTotals,
    packets: host.packets(),
    readAt: host.date(),
    books: { server: serverLedger, clients: ledgers.flat() },
  };
}

/** Reads the counters that must stop changing before a quiet edge. */
export async function readTraffic({ servers, loads }: Crew, host: Pick<Host, 'packets'>): Promise<readonly number[]> {
  const counters = await Promise.all([
    ...servers.map((server) => server.ask('counters')),
    ...loads.map((load) => load.ask('counters')),
  ]);
  return trafficOf(
    counters.map(({ sockets }) => sockets),
    host.packets(),
  );
}

/** All bytes and connections on both sides, and all packets between them. */
export function trafficOf(sockets: readonly SocketTotals[], packets: PacketCounters | undefined): readonly number[] {
  return [
    ...sockets.flatMap(({ readBytes, writtenBytes, openSockets }) => [readBytes, writtenBytes, openSockets]),
    ...(packets ? [packets.up.packets, packets.down.packets, packets.lostUp, packets.lostDown] : []),
  ];
}

/** The counters of several servers as those of one. */
export function sumServers(counters: readonly ServerCounters[]): ServerCounters {
  const socket = (name: keyof SocketTotals) => counters.reduce((sum, { sockets }) => sum + sockets[name], 0);
  const tallied = (name: keyof ServerCounters['tally']) => counters.reduce((sum, { tally }) => sum + tally[name], 0);
  return {
    sockets: {
      readBytes: socket('readBytes'),
      writtenBytes: socket('writtenBytes'),
      plainReadBytes: socket('plainReadBytes'),
      plainWrittenBytes: socket('plainWrittenBytes'),
      openedSockets: socket('openedSockets'),
      openSockets: socket('openSockets'),
    },
    tally: {
      requests: tallied('requests'),
      emptyAnswers: tallied('emptyAnswers'),
      heartbeats: tallied('heartbeats'),
      slowReaders: tallied('slowReaders'),
    },
  };
}

type LoadTally = LoadCounters['tally'];
type CountName = { [K in keyof LoadTally]: LoadTally[K] extends number ? K : never }[keyof LoadTally];

/** One counter, summed over all load processes. */
export function sumTally({ loads }: Snapshot, name: CountName): number {
  return loads.reduce((sum, { tally }) => sum + tally[name], 0);
}

/** One socket counter, summed over all load processes. */
export function sumSockets({ loads }: Snapshot, name: keyof SocketTotals): number {
  return loads.reduce((sum, { sockets }) => sum + sockets[name], 0);
}
