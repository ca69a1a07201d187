import type { LoadCounters } from '../clients/load.ts';
import type { PacketCounters } from '../network/interface-counters.ts';
import type { RelayTotals } from '../network/relay.ts';
import type { SocketTotals } from '../network/socket-bytes.ts';
import type { ServerCounters } from '../servers/main.ts';
import type { Crew } from './crew.ts';
import type { Books } from './ledger.ts';

/** All counters at one quiet edge. */
export type Snapshot = {
  readonly server: ServerCounters;
  readonly loads: readonly LoadCounters[];
  readonly relays: readonly RelayTotals[];
  readonly books: Books;
  /** Absent on loopback. */
  readonly packets: PacketCounters | undefined;
};

export async function takeSnapshot({ server, loads, relays, network }: Crew): Promise<Snapshot> {
  const [serverCounters, serverLedger, loadCounters, relayTotals, ledgers] = await Promise.all([
    server.ask('counters'),
    server.ask('ledger'),
    Promise.all(loads.map((load) => load.ask('counters'))),
    Promise.all(relays.map((relay) => relay.ask('counters'))),
    Promise.all(loads.map((load) => load.ask('ledger'))),
  ]);
  return {
    server: serverCounters,
    loads: loadCounters,
    relays: relayTotals,
    packets: network?.readPackets(),
    books: { server: serverLedger, clients: ledgers.flat() },
  };
}

/** The counters that must stand still at a quiet edge: all bytes on both sides, and all packets between them. */
export async function readTraffic({ server, loads, network }: Crew): Promise<readonly number[]> {
  const counters = await Promise.all([server.ask('counters'), ...loads.map((load) => load.ask('counters'))]);
  const packets = network?.readPackets();
  return [
    ...counters.flatMap(({ sockets }) => [sockets.readBytes, sockets.writtenBytes, sockets.openSockets]),
    ...(packets ? [packets.up.packets, packets.down.packets, packets.lostUp, packets.lostDown] : []),
  ];
}

type LoadTally = LoadCounters['tally'];
type CountName = { [K in keyof LoadTally]: LoadTally[K] extends number ? K : never }[keyof LoadTally];

/** A counter of all load processes. */
export function sumTally({ loads }: Snapshot, name: CountName): number {
  return loads.reduce((sum, { tally }) => sum + tally[name], 0);
}

export function sumSockets({ loads }: Snapshot, name: keyof SocketTotals): number {
  return loads.reduce((sum, { sockets }) => sum + sockets[name], 0);
}
