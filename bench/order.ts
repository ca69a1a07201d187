import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import { type ExchangeEvent, mergeExchanges } from '../protocol/exchange.ts';
import type { OrderLedger } from '../servers/backplane-main.ts';
import type { ServerLedger } from '../servers/main.ts';
import type { Crew } from './crew.ts';

/**
 * Who gives the versions knows what was accepted: the backplane where there are several servers, the server where there is
 * one. A node of several only has what has reached it, and takes what it knows along when it dies.
 */
export async function readOrder({ backplane, servers }: Crew): Promise<OrderLedger> {
  return backplane ? await backplane.ask('ledger') : await servers[0]!.ask('ledger');
}

/** The updates accepted since the window began; accepted is when the version was given. */
export async function acceptedUpdates({ backplane, servers }: Crew): Promise<AcceptedUpdates> {
  return backplane ? await backplane.ask('updates') : await servers[0]!.ask('updates');
}

/** The books of all servers as one. */
export async function readServerLedger(crew: Crew): Promise<ServerLedger> {
  const [order, ...ledgers] = await Promise.all([
    readOrder(crew),
    ...crew.servers.map((server) => server.ask('ledger')),
  ]);
  const all = [...ledgers, ...crew.fallen.map(({ ledger }) => ledger)];
  return { ...order, conflated: sumByClient(all.map(({ conflated }) => conflated)) };
}

/** A client that moves from one server to another is conflated by both, each for the updates that it sent. */
function sumByClient(maps: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const [client, conflated] of maps.flatMap((map) => [...map])) {
    sums.set(client, (sums.get(client) ?? 0) + conflated);
  }
  return sums;
}

/** What the watched client and whichever server it asked wrote down. */
export async function serverExchange({ servers, fallen }: Crew): Promise<readonly ExchangeEvent[]> {
  const logs = await Promise.all(servers.map((server) => server.ask('exchange')));
  return mergeExchanges([...logs, ...fallen.map(({ exchange }) => exchange)]);
}

/** How many of the clients asked each server last, in the order of the servers. */
export async function clientsByNode({ servers }: Crew, clients: number): Promise<readonly number[]> {
  if (servers.length === 1) return [clients];
  const visits = await Promise.all(servers.map((server) => server.ask('visits')));
  const counts = servers.map(() => 0);
  for (const client of new Set(visits.flatMap((each) => [...each.keys()]))) {
    const instants = visits.map((each) => each.get(client) ?? Number.NEGATIVE_INFINITY);
    counts[instants.indexOf(Math.max(...instants))]!++;
  }
  return counts;
}

/** How many clients each of several servers has been asked by so far; a client that asked several counts at each. */
export async function clientsSeenByServer({ servers }: Crew): Promise<readonly number[]> {
  const visits = await Promise.all(servers.map((server) => server.ask('visits')));
  return visits.map(({ size }) => size);
}
