import { connect, type Socket } from 'node:net';
import { codecs } from '../protocol/codec.ts';

/** The source's end of the backplane: hands every update to every node. */
export type Backplane = {
  readonly emit: (channel: number, intendedUs: number, payload: Buffer) => void;
  readonly close: () => void;
};

/** Connects to the local socket of each node; rejects when one can't be reached. */
export async function connectLocalBackplane(paths: readonly string[]): Promise<Backplane> {
  const sockets = await Promise.all(paths.map(connected));
  return {
    emit: (channel, intendedUs, payload) => {
      const record = encodeRecord(channel, intendedUs, payload);
      for (const socket of sockets) socket.write(record);
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Length u32 big-endian, then a binary encoded update whose version is 0: the node gives it one. */
function encodeRecord(channel: number, intendedUs: number, payload: Buffer): Buffer {
  const update = codecs.binary.encode({ version: 0, channel, intendedUs, payload });
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(update.length);
  return Buffer.concat([length, update]);
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.off('error', reject);
      // The node ended: the trial is over and says so itself.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
