import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { type ExchangeEvent, mergeExchanges } from '../../protocol/exchange.ts';
import type { OrderLedger } from '../../servers/main/backplane-main.ts';
import type { ServerLedger } from '../../servers/main/main.ts';
import type { Crew } from '../fleet/crew.ts';

/**
 * What was accepted, from the process that gives the versions: the backplane if there are several servers, otherwise the only
 * server. One of several servers knows only what has reached it, and that is gone when the server is killed.
 */
export async function readOrder({ backplane, servers }: Crew): Promise<OrderLedger> {
  return backplane ? await backplane.ask('ledger') : await servers[0]!.ask('ledger');
}

/** The updates accepted since the window began. An update is accepted when it gets its version. */
export async function acceptedUpdates({ backplane, servers }: Crew): Promise<AcceptedUpdates> {
  return backplane ? await backplane.ask('updates') : await servers[0]!.ask('updates');
}

/** The ledgers of all servers as one, killed servers included. */
export async function readServerLedger(crew: Crew): Promise<ServerLedger> {
  const [order, ...ledgers] = await Promise.all([
    readOrder(crew),
    ...crew.servers.map((server) => server.ask('ledger')),
  ]);
  const all = [...ledgers, ...crew.fallen.map(({ ledger }) => ledger)];
  return { ...order, conflated: sumByClient(all.map(({ conflated }) => conflated)) };
}

/** A client that moved to another server was conflated by both, by each for what it sent: the counts add up. */
export function sumByClient(maps: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const [client, conflated] of maps.flatMap((map) => [...map])) {
    sums.set(client, (sums.get(client) ?? 0) + conflated);
  }
  return sums;
}

/** The watched client's exchange as the servers saw it, in order of time. */
export async function serverExchange({ servers, fallen }: Crew): Promise<readonly ExchangeEvent[]> {
  const logs = await Promise.all(servers.map((server) => server.ask('exchange')));
  return mergeExchanges([...logs, ...fallen.map(({ exchange }) => exchange)]);
}

/** How many clients each server has, in the order of the servers: a client belongs to the server that it asked last. */
export async function clientsByNode({ servers }: Crew, clients: number): Promise<readonly number[]> {
  // The only server keeps no visits.
  if (servers.length === 1) return [clients];
  return countByLastVisit(await Promise.all(servers.map((server) => server.ask('visits'))));
}

/** When each client last asked, per server; gives how many clients asked each server last. */
export function countByLastVisit(visits: readonly ReadonlyMap<number, number>[]): readonly number[] {
  const counts = visits.map(() => 0);
  for (const client of new Set(visits.flatMap((each) => [...each.keys()]))) {
    const instants = visits.map((each) => each.get(client) ?? Number.NEGATIVE_INFINITY);
    counts[instants.indexOf(Math.max(...instants))]!++;
  }
  return counts;
}

/** How many clients each server has seen so far. A client that asked several servers counts at each. */
export async function clientsSeenByServer({ servers }: Crew): Promise<readonly number[]> {
  const visits = await Promise.all(servers.map((server) => server.ask('visits')));
  return visits.map(({ size }) => size);
}
