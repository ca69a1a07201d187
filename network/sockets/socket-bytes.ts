import type { Socket } from 'node:net';

/** Bytes of one or many sockets since the start. */
export type ByteCount = {
  /** Bytes to and from the network. Under TLS: encrypted, handshakes included. */
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Plain text read and written by the application; the difference is TLS overhead. Without TLS the same as above. */
  readonly plainReadBytes: number;
  readonly plainWrittenBytes: number;
};

/** All sockets since the start, closed ones included. */
export type SocketTotals = ByteCount & { readonly openedSockets: number; readonly openSockets: number };

/** Counts the bytes of all watched sockets. */
export type SocketBytes = {
  /** Counts this connected socket. `inside`: the TLS socket on top of `raw`, if any. */
  readonly watch: (raw: Socket, inside?: Socket) => void;
  readonly totals: () => SocketTotals;
};

export const noBytes: ByteCount = { readBytes: 0, writtenBytes: 0, plainReadBytes: 0, plainWrittenBytes: 0 };

/** Bytes of a socket so far; a closed socket keeps its counts. */
export function bytesAt(raw: Socket, inside: Socket = raw): ByteCount {
  return {
    readBytes: raw.bytesRead,
    writtenBytes: raw.bytesWritten,
    plainReadBytes: inside.bytesRead,
    plainWrittenBytes: inside.bytesWritten,
  };
}

export function sumBytes(one: ByteCount, other: ByteCount): ByteCount {
  return {
    readBytes: one.readBytes + other.readBytes,
    writtenBytes: one.writtenBytes + other.writtenBytes,
    plainReadBytes: one.plainReadBytes + other.plainReadBytes,
    plainWrittenBytes: one.plainWrittenBytes + other.plainWrittenBytes,
  };
}

/**
 * Counts on the `net.Socket` itself: libraries above it report parsed bytes or none. A `TLSSocket` counts the plain
 * text in and out of it, also where HTTP/2 reads and writes it below its streams.
 */
export function createSocketBytes(): SocketBytes {
  const open = new Map<Socket, Socket>();
  let closed = noBytes;
  let openedSockets = 0;

  const settle = (raw: Socket, inside: Socket) => {
    open.delete(raw);
    closed = sumBytes(closed, bytesAt(raw, inside));
  };
  return {
    watch: (raw, inside = raw) => {
      openedSockets++;
      open.set(raw, inside);
      // The TLS socket closes last: data that it still emits had arrived before.
      inside.once('close', () => settle(raw, inside));
    },
    totals: () => {
      let total = closed;
      for (const [raw, inside] of open) total = sumBytes(total, bytesAt(raw, inside));
      return { ...total, openedSockets, openSockets: open.size };
    },
  };
}
