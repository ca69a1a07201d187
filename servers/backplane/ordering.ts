import type { Socket } from 'node:net';
import {
  decodeMessage,
  encodeMessage,
  type FromBackplane,
  recordReader,
  type ToBackplane,
} from '../../protocol/backplane-messages.ts';
import { everyChannel } from '../../protocol/contract-terms.ts';
import { createSequencer } from '../stream/sequencer.ts';
import type { Accepted, Arrival } from '../stream/state-stream.ts';
import { listenForSource, listenLocally } from './backplane.ts';

export type OrderingOptions = {
  readonly channels: number;
  /** See `NodeOptions`. */
  readonly readChannels?: number;
  /** Local socket for nodes. */
  readonly nodesPath: string;
  /** Local socket for the source; absent without one. */
  readonly sourcePath?: string;
  /** Called for every update before any node receives it. */
  readonly onAccepted: (accepted: Accepted) => void;
};

/** Gives the updates of all nodes one order and their versions. */
export type Ordering = {
  /** Newest version per channel. */
  readonly heads: () => Uint32Array;
  readonly repeatedPublishes: () => number;
  readonly close: () => Promise<void>;
};

/**
 * Opens the backplane of several nodes on one machine. An update gets its place on arrival. Nothing waits for a node:
 * one that is slow or dies delays no other, but may lag behind for a while.
 */
export async function openOrdering({
  channels,
  readChannels = channels,
  nodesPath,
  sourcePath,
  onAccepted,
}: OrderingOptions): Promise<Ordering> {
  const heads = new Uint32Array(channels);
  const nodes = new Set<Socket>();
  let repeats = 0;
  const accept = ({ channel, intendedUs, payload, publisher }: Arrival): number => {
    const version = ++heads[channel]!;
    onAccepted({ channel, intendedUs, publisher, version });
    const message = encodeMessage({ kind: 'accepted', channel, intendedUs, payload, publisher, version });
    for (const node of nodes) node.write(message);
    return version;
  };
  /** A broadcast takes a version of every channel. The nodes count them by themselves, so it travels once. */
  const acceptBroadcast = ({ intendedUs, payload, publisher }: Arrival) => {
    for (let channel = 0; channel < readChannels; channel++) {
      onAccepted({ channel, intendedUs, publisher, version: ++heads[channel]! });
    }
    const message = { kind: 'accepted', channel: everyChannel, intendedUs, payload, publisher, version: 0 } as const;
    const bytes = encodeMessage(message);
    for (const node of nodes) node.write(bytes);
  };
  const fromSource = (arrival: Arrival) => {
    if (arrival.channel === everyChannel) acceptBroadcast(arrival);
    else accept(arrival);
  };
  const sequence = createSequencer(accept);
  const receive = (node: Socket, message: ToBackplane) => {
    const answer = (reply: FromBackplane) => node.write(encodeMessage(reply));
    if (message.kind === 'join') {
      nodes.add(node);
      answer({ kind: 'joined' });
      return;
    }
    sequence(message, (verdict) => {
      if ('repeated' in verdict && verdict.repeated) repeats++;
      answer({ kind: 'verdict', id: message.id, verdict });
    });
  };
  const closeNodes = await listenLocally(nodesPath, (node) => {
    node.once('close', () => nodes.delete(node));
    return recordReader((record) => receive(node, decodeMessage<ToBackplane>(record)));
  });
  const closeSource = sourcePath === undefined ? undefined : await listenForSource(sourcePath, fromSource);
  return {
    heads: () => heads.slice(),
    repeatedPublishes: () => repeats,
    close: async () => {
      await Promise.all([closeNodes(), closeSource?.()]);
    },
  };
}
