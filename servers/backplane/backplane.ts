import { createServer, type Server, type Socket } from 'node:net';
import { recordReader } from '../../protocol/backplane-messages.ts';
import { codecs } from '../../protocol/codec.ts';
import { everyChannel, publishers } from '../../protocol/contract-terms.ts';
import { createSequencer, type Sequencer } from '../stream/sequencer.ts';
import type { Arrival, StateStream } from '../stream/state-stream.ts';

/**
 * Gives versions to publishes, and brings accepted updates to a node's stream.
 * A single node gives the versions itself; the source sends its updates over a local socket, so no measured byte
 * crosses it. With several nodes, the backplane's own process does both (`joinBackplane`). The node sees no difference.
 */
export type Backplane = {
  readonly publish: Sequencer;
  readonly close: () => Promise<void>;
};

/** The backplane of a single node. `socketPath`: where the source connects; undefined without a source. */
export async function openLocalBackplane(stream: StateStream, socketPath: string | undefined): Promise<Backplane> {
  const publish = createSequencer((arrival) => stream.accept(arrival).version);
  if (socketPath === undefined) return { publish, close: async () => {} };
  const close = await listenForSource(socketPath, (arrival) => {
    if (arrival.channel === everyChannel) stream.acceptBroadcast(arrival);
    else stream.accept(arrival);
  });
  return { publish, close };
}

/**
 * Listens for a source. It sends records of binary encoded updates with version 0. Returns a function that stops
 * listening.
 */
export function listenForSource(
  socketPath: string,
  onArrival: (arrival: Arrival) => void,
): Promise<() => Promise<void>> {
  return listenLocally(socketPath, () =>
    recordReader((record) => {
      const { channel, intendedUs, payload } = codecs.binary.decode(record);
      const publisher = channel === everyChannel ? publishers.broadcast : publishers.source;
      onArrival({ channel, intendedUs, payload, publisher });
    }),
  );
}

/**
 * Listens on a local socket. `onConnection` returns the handler for each connection's bytes. Returns a function that
 * stops listening.
 */
export async function listenLocally(
  socketPath: string,
  onConnection: (socket: Socket) => (chunk: Buffer) => void,
): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', onConnection(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return async () => {
    const stopped = closed(server);
    for (const socket of open) socket.destroy();
    await stopped;
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
