import type { Socket } from 'node:net';

/** Bytes at the raw sockets since the start, closed ones included. Under TLS these are the encrypted bytes. */
export type SocketTotals = {
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly openedSockets: number;
  readonly openSockets: number;
};

export type SocketBytes = {
  readonly watch: (socket: Socket) => void;
  readonly totals: () => SocketTotals;
};

/** Counts on the `net.Socket` itself: what a library above it reports is plaintext, or parsed, or nothing. */
export function createSocketBytes(): SocketBytes {
  const open = new Set<Socket>();
  let readBytes = 0;
  let writtenBytes = 0;
  let openedSockets = 0;

  const settle = (socket: Socket) => {
    open.delete(socket);
    readBytes += socket.bytesRead;
    writtenBytes += socket.bytesWritten;
  };
  return {
    watch: (socket) => {
      openedSockets++;
      open.add(socket);
      socket.once('close', () => settle(socket));
    },
    totals: () => {
      let liveRead = 0;
      let liveWritten = 0;
      for (const socket of open) {
        liveRead += socket.bytesRead;
        liveWritten += socket.bytesWritten;
      }
      return {
        readBytes: readBytes + liveRead,
        writtenBytes: writtenBytes + liveWritten,
        openedSockets,
        openSockets: open.size,
      };
    },
  };
}
