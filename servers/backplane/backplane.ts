import { createServer, type Server, type Socket } from 'node:net';
import { recordReader } from '../../protocol/backplane-messages.ts';
import { codecs } from '../../protocol/codec.ts';
import { createSequencer, type Sequencer } from '../stream/sequencer.ts';
import type { Arrival, StateStream } from '../stream/state-stream.ts';

/**
 * How updates reach a node: from the source, and from clients of any node.
 *
 * With one node the node itself gives the versions and the source hands its updates over a local socket, which no
 * measured byte crosses. With several, the backplane's own process takes this place (`joinBackplane`), and past one
 * machine a broker would; the node does not notice.
 */
export type Backplane = {
  readonly publish: Sequencer;
  readonly close: () => Promise<void>;
};

/** `socketPath`: where the source connects; undefined when there is no source. */
export async function openLocalBackplane(stream: StateStream, socketPath: string | undefined): Promise<Backplane> {
  const publish = createSequencer((arrival) => stream.accept(arrival).version);
  if (socketPath === undefined) return { publish, close: async () => {} };
  const close = await listenForSource(socketPath, (arrival) => void stream.accept(arrival));
  return { publish, close };
}

/** Takes what a source emits: records that are binary encoded updates whose version is 0. Returns how to stop. */
export function listenForSource(
  socketPath: string,
  onArrival: (arrival: Arrival) => void,
): Promise<() => Promise<void>> {
  return listenLocally(socketPath, () =>
    recordReader((record) => {
      const { channel, intendedUs, payload } = codecs.binary.decode(record);
      onArrival({ channel, intendedUs, payload, publisher: -1 });
    }),
  );
}

/** Listens on a local socket; `onConnection` gives what is to be done with the bytes of each connection. */
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
