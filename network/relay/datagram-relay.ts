import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Clock } from '../../machine/process/clock.ts';
import { mergeRecorded } from '../../machine/process/recorder.ts';
import type { LinkConditions } from '../link/path.ts';
import { DelayLine } from './delay-line.ts';

/** One end of a tunnel, and the relay's address towards it. Both use the tunnel's port. */
export type TunnelSide = { readonly host: string; readonly relayHost: string };

export type DatagramRelayOptions = {
  readonly clock: Clock;
  readonly link: LinkConditions;
  readonly client: TunnelSide;
  readonly server: TunnelSide;
  readonly port: number;
  /** Seed of jitter and loss. */
  readonly seed: number;
};

/** Datagrams forwarded, and dropped on purpose. */
export type DatagramTotals = { readonly up: number; readonly down: number; readonly dropped: number };

export type DatagramRelay = {
  readonly totals: () => DatagramTotals;
  /** Receive buffer that the system granted, in bytes; the smaller of both sides. */
  readonly bufferBytes: number;
  /** Resets the recorded lateness. */
  readonly begin: () => void;
  /** How much later than intended datagrams were forwarded: an encoded recording in microseconds. */
  readonly lateness: () => string;
  readonly close: () => Promise<void>;
};

/** Holds what arrives while the relay is busy. */
const wantedBufferBytes = 4 * 1024 * 1024;

/** Forwards the datagrams of a tunnel between its ends, each delayed by half a round trip, in order. */
export async function startDatagramRelay(options: DatagramRelayOptions): Promise<DatagramRelay> {
  const { clock, link, client, server, port, seed } = options;
  const [toClient, toServer] = await Promise.all([openSide(client, port), openSide(server, port)]);
  const up = createDirection(clock, link, seed, toServer.sender);
  const down = createDirection(clock, link, seed + 1, toClient.sender);
  toClient.receiver.on('message', up.pass);
  toServer.receiver.on('message', down.pass);
  return {
    totals: () => ({ up: up.passed(), down: down.passed(), dropped: up.dropped() + down.dropped() }),
    bufferBytes: Math.min(toClient.receiver.getRecvBufferSize(), toServer.receiver.getRecvBufferSize()),
    begin: () => {
      for (const { line } of [up, down]) line.lateness.reset();
    },
    lateness: () => {
      const [first, second] = [up, down].map(({ line }) => line.lateness.encoded());
      return encodeIntoCompressedBase64(mergeRecorded([first!, second!]));
    },
    close: async () => {
      // Close the delay lines first: they would send on closed sockets.
      await Promise.all([up.line.close(), down.line.close()]);
      for (const { receiver, sender } of [toClient, toServer]) {
        receiver.close();
        sender.close();
      }
    },
  };
}

type Direction = {
  readonly line: DelayLine;
  readonly pass: (datagram: Buffer) => void;
  readonly passed: () => number;
  readonly dropped: () => number;
};

/**
 * Draws jitter and loss from the seed. A packet never overtakes the one before it: it is due at the same time or later.
 */
function createDirection(clock: Clock, link: LinkConditions, seed: number, sender: Socket): Direction {
  const line = new DelayLine(clock);
  const generator = xoroshiro128plus(seed);
  const draw = () => uniformFloat64(generator);
  const halfUs = (link.rttMs * 1000) / 2;
  const jitterUs = (link.jitterMs * 1000) / 2;
  let lastDueUs = 0;
  let passed = 0;
  let dropped = 0;
  const pass = (datagram: Buffer) => {
    if (link.lossShare > 0 && draw() < link.lossShare) {
      dropped++;
      return;
    }
    passed++;
    const variedUs = jitterUs > 0 ? jitterUs * (2 * draw() - 1) : 0;
    lastDueUs = Math.max(lastDueUs, clock.nowUs() + halfUs + variedUs);
    line.add(lastDueUs, () => sender.send(datagram));
  };
  return { line, pass, passed: () => passed, dropped: () => dropped };
}

/** Two sockets per side: a connected one saves the address look-up at each send but receives from one port only. */
async function openSide({ host, relayHost }: TunnelSide, port: number) {
  const receiver = createSocket({ type: 'udp4', recvBufferSize: wantedBufferBytes });
  const sender = createSocket({ type: 'udp4', sendBufferSize: wantedBufferBytes });
  receiver.bind(port, relayHost);
  await once(receiver, 'listening');
  sender.bind(0, relayHost);
  await once(sender, 'listening');
  sender.connect(port, host);
  await once(sender, 'connect');
  // The other end is gone: the trial is over and reports that itself.
  sender.on('error', () => {});
  return { receiver, sender };
}
