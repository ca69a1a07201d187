import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { PollUnderWay, Receipts } from '../subscriber/receipts.ts';
import {
  dueVersions,
  type Knowing,
  type ReceivedVersions,
  staleUs,
  timeToKnow,
  type Window,
} from '../subscriber/staleness.ts';

/** The data of a window: what the server accepted and what clients received. */
export type Journal = {
  readonly updates: AcceptedUpdates;
  readonly receipts: Receipts;
  readonly window: Window;
  /** Whether a publisher receives its own updates; if not, they do not make its view stale. */
  readonly echo: boolean;
};

/** One update reaching one client. Instants are in the clock's microseconds. */
export type Delivery = {
  /** Of the update among those that the server accepted. */
  readonly row: number;
  readonly intendedUs: number;
  readonly acceptedUs: number;
  readonly receivedUs: number;
  /** The poll that brought it; undefined unless clients poll when they are told to. */
  readonly poll: PollUnderWay | undefined;
};

export type Observe = (delivery: Delivery) => void;

/** Sums over clients: time with a stale view, and time until updates were known. */
export type Settled = { readonly staleUs: number; readonly knowing: Knowing };

/** The updates of one channel as the server accepted them. Version `first + i` is at place `i`. */
export type ChannelUpdates = {
  readonly first: number;
  readonly rows: number[];
  readonly versions: number[];
  readonly publishers: number[];
  readonly intendedUs: number[];
  readonly acceptedUs: number[];
};

/**
 * Joins the server's accepted updates with what these clients (`[client, channel]`) received. `observe` gets each
 * delivery.
 */
export function settle(
  { updates, receipts, window, echo }: Journal,
  clients: readonly (readonly [number, number])[],
  observe: Observe,
): Settled {
  const byChannel = groupByChannel(updates);
  const received = receivedBy(new Map(clients), receipts);
  observeDeliveries(byChannel, receipts, new Map(clients), observe);
  let stale = 0;
  let sumUs = 0;
  let known = 0;
  for (const [client, channel] of clients) {
    const all = byChannel.get(channel);
    if (!all) continue;
    const of = echo ? all : ofOthers(all, client);
    const got = received.get(client) ?? nothing;
    stale += staleUs(dueVersions(of.intendedUs, of.versions), got, window);
    const knowing = timeToKnow(of.intendedUs, of.versions, got);
    sumUs += knowing.sumUs;
    known += knowing.updates;
  }
  return { staleUs: stale, knowing: { sumUs, updates: known } };
}

const nothing: ReceivedVersions = { atUs: [], version: [] };

/** Calls `observe` for each delivery to these clients (channel by client) of an update that the server accepted. */
export function observeDeliveries(
  byChannel: ReadonlyMap<number, ChannelUpdates>,
  receipts: Receipts,
  channelOf: ReadonlyMap<number, number>,
  observe: Observe,
): void {
  receipts.forEach((client, version, receivedUs, poll) => {
    const channel = channelOf.get(client);
    const of = channel === undefined ? undefined : byChannel.get(channel);
    const row = of?.rows[version - of.first];
    if (!of || row === undefined) return;
    const place = version - of.first;
    observe({ row, intendedUs: of.intendedUs[place]!, acceptedUs: of.acceptedUs[place]!, receivedUs, poll });
  });
}

function receivedBy(channelOf: ReadonlyMap<number, number>, receipts: Receipts): ReadonlyMap<number, ReceivedVersions> {
  const received = new Map<number, { atUs: number[]; version: number[] }>();
  receipts.forEach((client, version, receivedUs) => {
    if (!channelOf.has(client)) return;
    const held = received.get(client) ?? { atUs: [], version: [] };
    received.set(client, held);
    held.atUs.push(receivedUs);
    held.version.push(version);
  });
  return received;
}

/** In the order of versions. */
export function groupByChannel(updates: AcceptedUpdates): ReadonlyMap<number, ChannelUpdates> {
  const byChannel = new Map<number, ChannelUpdates>();
  for (const [row, channel] of updates.channel.entries()) {
    let of = byChannel.get(channel);
    if (!of) {
      of = { first: updates.version[row]!, rows: [], versions: [], publishers: [], intendedUs: [], acceptedUs: [] };
      byChannel.set(channel, of);
    }
    of.rows.push(row);
    of.versions.push(updates.version[row]!);
    of.publishers.push(updates.publisher[row]!);
    of.intendedUs.push(updates.intendedUs[row]!);
    of.acceptedUs.push(updates.acceptedUs[row]!);
  }
  return byChannel;
}

function ofOthers(
  { publishers, intendedUs, versions }: ChannelUpdates,
  client: number,
): Pick<ChannelUpdates, 'intendedUs' | 'versions'> {
  const others = [...publishers.keys()].filter((row) => publishers[row] !== client);
  return { intendedUs: others.map((row) => intendedUs[row]!), versions: others.map((row) => versions[row]!) };
}
