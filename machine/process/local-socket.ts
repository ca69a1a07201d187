import { connect, type Socket } from 'node:net';

/** Connects to a Unix domain socket. Rejects when the connect fails. */
export function connectLocal(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.off('error', reject);
      // The other end is gone: the trial is over and reports that itself.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
