import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { Receipts } from '../subscriber/receipts.ts';
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

/** Called for a delivery, with the instants of its update in the clock's microseconds. */
export type Observe = (intendedUs: number, acceptedUs: number, receivedUs: number) => void;

/** Sums over clients: time with a stale view, and time until updates were known. */
export type Settled = { readonly staleUs: number; readonly knowing: Knowing };

/** The updates of one channel as the server accepted them. Version `first + i` is row `i`. */
type ChannelUpdates = {
  readonly first: number;
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
  const received = receivedBy(new Map(clients), receipts, byChannel, observe);
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

function receivedBy(
  channelOf: ReadonlyMap<number, number>,
  receipts: Receipts,
  byChannel: ReadonlyMap<number, ChannelUpdates>,
  observe: Observe,
): ReadonlyMap<number, ReceivedVersions> {
  const received = new Map<number, { atUs: number[]; version: number[] }>();
  receipts.forEach((client, version, receivedUs) => {
    const channel = channelOf.get(client);
    if (channel === undefined) return;
    const of = byChannel.get(channel);
    const row = of ? version - of.first : -1;
    const acceptedUs = of?.acceptedUs[row];
    if (of && acceptedUs !== undefined) observe(of.intendedUs[row]!, acceptedUs, receivedUs);
    const held = received.get(client) ?? { atUs: [], version: [] };
    received.set(client, held);
    held.atUs.push(receivedUs);
    held.version.push(version);
  });
  return received;
}

function groupByChannel(updates: AcceptedUpdates): ReadonlyMap<number, ChannelUpdates> {
  const byChannel = new Map<number, ChannelUpdates>();
  for (const [row, channel] of updates.channel.entries()) {
    let of = byChannel.get(channel);
    if (!of) {
      of = { first: updates.version[row]!, versions: [], publishers: [], intendedUs: [], acceptedUs: [] };
      byChannel.set(channel, of);
    }
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
