import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { type ExchangeEvent, mergeExchanges } from '../../protocol/exchange.ts';
import type { OrderLedger } from '../../servers/main/backplane-main.ts';
import type { ServerLedger } from '../../servers/main/main.ts';
import type { Crew } from '../fleet/crew.ts';

/**
 * The accepted updates, from the process that assigns versions: the backplane if there are several servers, otherwise
 * the only server. One of several servers knows only what has reached it, and that is gone once it is killed.
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

/** Sums by client. If a client moved, both servers may have conflated for it, each what it sent. */
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

/** How many clients each server has, in the order of the servers. A client counts at the server that it asked last. */
export async function clientsByNode({ servers }: Crew, clients: number): Promise<readonly number[]> {
  // The only server keeps no visits.
  if (servers.length === 1) return [clients];
  return countByLastVisit(await Promise.all(servers.map((server) => server.ask('visits'))));
}

/** `visits`: when each client last asked, one map per server. Returns how many clients asked each server last. */
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
