import { connect, type Socket } from 'node:net';

/** Connects to a local socket of the same machine. Rejects when nobody listens at this path. */
export function connectLocal(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.off('error', reject);
      // The other end is gone: the trial is over and says so itself.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
