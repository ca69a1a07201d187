import type { Socket } from 'node:net';

/** Bytes of one socket or of many, since the start. */
export type ByteCount = {
  /** On the way to and from the network. Under TLS these are the encrypted bytes, handshakes included. */
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** What TLS was given to carry and gave back: the difference is what it adds. Without TLS the same again. */
  readonly plainReadBytes: number;
  readonly plainWrittenBytes: number;
};

/** Of all sockets since the start, closed ones included. */
export type SocketTotals = ByteCount & { readonly openedSockets: number; readonly openSockets: number };

export type SocketBytes = {
  /** `inside`: what reads and writes plain text where `raw` carries TLS. Both are connected. */
  readonly watch: (raw: Socket, inside?: Socket) => void;
  readonly totals: () => SocketTotals;
};

export const noBytes: ByteCount = { readBytes: 0, writtenBytes: 0, plainReadBytes: 0, plainWrittenBytes: 0 };

/** So far. The count of a closed socket stays. */
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
 * Counts on the `net.Socket` itself: what a library above it reports is parsed, or nothing. A `TLSSocket` counts what goes
 * in and out of it, which is plain text, also where HTTP/2 reads and writes it below its streams.
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
      // The one inside closes last: what it still gives out then came in before.
      inside.once('close', () => settle(raw, inside));
    },
    totals: () => {
      let total = closed;
      for (const [raw, inside] of open) total = sumBytes(total, bytesAt(raw, inside));
      return { ...total, openedSockets, openSockets: open.size };
    },
  };
}
