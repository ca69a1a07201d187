import { createServer, type Server, type Socket } from 'node:net';
import { codecs } from '../protocol/codec.ts';
import type { Sequencer } from './publications.ts';
import type { StateStream } from './state-stream.ts';

/**
 * How updates reach a node: from the source, and from clients of any node.
 *
 * On one machine with one node the node itself gives the versions and the source hands its updates over a local socket,
 * which no measured byte crosses. With more nodes or machines a broker takes this place; the node does not notice.
 */
export type Backplane = {
  readonly publish: Sequencer;
  readonly close: () => Promise<void>;
};

/** `socketPath`: where the source connects; undefined when there is no source. */
export async function openLocalBackplane(stream: StateStream, socketPath: string | undefined): Promise<Backplane> {
  const publish: Sequencer = (arrival, accepted) => accepted(stream.accept(arrival).version);
  if (socketPath === undefined) return { publish, close: async () => {} };
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    readRecords(socket, stream);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    publish,
    close: async () => {
      const stopped = closed(server);
      for (const socket of open) socket.destroy();
      await stopped;
    },
  };
}

/** Records of the backplane: length u32 big-endian, then a binary encoded update whose version is 0. */
function readRecords(socket: Socket, stream: StateStream): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      const { channel, intendedUs, payload } = codecs.binary.decode(bytes.subarray(4, end));
      stream.accept({ channel, intendedUs, payload, publisher: -1 });
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  });
  socket.on('error', () => socket.destroy());
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
