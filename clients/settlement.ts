import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import type { Recorder } from '../protocol/recorder.ts';
import type { Receipts } from './receipts.ts';
import { type DueVersions, dueVersions, type ReceivedVersions, staleUs, type Window } from './staleness.ts';

/** What the updates of one channel looked like at the server. Version `first + i` is row `i`. */
type ChannelUpdates = {
  readonly first: number;
  readonly versions: number[];
  readonly publishers: number[];
  readonly intendedUs: number[];
  readonly acceptedUs: number[];
};

/** Microseconds, summed over clients. */
export type Settlement = {
  /** In which the view was not the newest state. */
  readonly staleUs: number;
  /**
   * The area under the number of deliveries under way: the instants of all receipts less those at which the server
   * says that these updates were intended. What was conflated is never under way. Little's law holds it against the
   * latencies that were recorded on the way.
   */
  readonly outstandingUs: number;
};

/**
 * Joins what the server accepted with what was received: time in which views were stale, and the downlink (acceptance
 * to receipt), which goes into `downlink`.
 *
 * `clients` are those of this process as [client, channel]; with `echo` off a client's own updates do not make it stale.
 */
export function settle(
  clients: readonly (readonly [number, number])[],
  updates: AcceptedUpdates,
  receipts: Receipts,
  window: Window,
  echo: boolean,
  downlink: Recorder,
): Settlement {
  const byChannel = groupByChannel(updates);
  const channelOf = new Map(clients);
  const received = new Map<number, { atUs: number[]; version: number[] }>();
  let outstandingUs = 0;
  receipts.forEach((client, version, receivedUs) => {
    const of = byChannel.get(channelOf.get(client) ?? -1);
    const row = of ? version - of.first : -1;
    if (of?.acceptedUs[row] !== undefined) {
      downlink.record(receivedUs - of.acceptedUs[row]);
      outstandingUs += receivedUs - of.intendedUs[row]!;
    }
    const held = received.get(client) ?? { atUs: [], version: [] };
    received.set(client, held);
    held.atUs.push(receivedUs);
    held.version.push(version);
  });
  const dueForAll = new Map([...byChannel].map(([channel, of]) => [channel, dueVersions(of.intendedUs, of.versions)]));
  const none: ReceivedVersions = { atUs: [], version: [] };
  let stale = 0;
  for (const [client, channel] of clients) {
    const of = byChannel.get(channel);
    if (!of) continue;
    const due = echo ? dueForAll.get(channel)! : dueForOthers(of, client);
    stale += staleUs(due, received.get(client) ?? none, window);
  }
  return { staleUs: stale, outstandingUs };
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

function dueForOthers({ publishers, intendedUs, versions }: ChannelUpdates, client: number): DueVersions {
  const others = [...publishers.keys()].filter((row) => publishers[row] !== client);
  return dueVersions(
    others.map((row) => intendedUs[row]!),
    others.map((row) => versions[row]!),
  );
}
