import type { ByteCount } from '../network/sockets/socket-bytes.ts';
import type { Sharing } from './publisher.ts';

/** Cost of one poll at its client's sockets. */
export type PollCost = {
  /** Request and answer without updates; undefined when concurrent publishes cannot be separated. */
  readonly framing: ByteCount | undefined;
  readonly updateBytes: number;
};

/** Meters one poll at a time: `begin`, then `end`. */
export type PollMeter = {
  /** A poll starts. `connected`: its connection is already open. */
  readonly begin: (connected: boolean) => void;
  /** The poll was answered with this status, and its updates have been received. */
  readonly end: (status: number) => PollCost;
};

/** Counters read before and after a poll. */
export type PollReading = {
  readonly sockets: ByteCount;
  /** Bytes of updates received so far. */
  readonly updateBytes: number;
  /** Undefined when publishes have their own connection, whose bytes are not in `sockets`. */
  readonly sharing: Sharing | undefined;
};

/**
 * Meters the polls of one client by the bytes that its sockets carried meanwhile. Over HTTP/2, publishes use the same
 * connection, and concurrent bytes cannot be separated: such a poll counts as much as the last undisturbed poll with
 * the same status.
 */
export function createPollMeter(read: () => PollReading): PollMeter {
  const alone = new Map<number, ByteCount>();
  let start = read();
  let connected = false;
  return {
    begin: (stands) => {
      start = read();
      connected = stands;
    },
    end: (status) => {
      const now = read();
      const updateBytes = now.updateBytes - start.updateBytes;
      if (hasPublished(start.sharing, now.sharing)) return { framing: alone.get(status), updateBytes };
      const framing = framingBetween(start, now);
      // A poll that had to connect includes the handshake, so it is no reference for others.
      if (now.sharing && connected) alone.set(status, framing);
      return { framing, updateBytes };
    },
  };
}

function hasPublished(before: Sharing | undefined, now: Sharing | undefined): boolean {
  return before !== undefined && now !== undefined && (before.underWay || now.begun > before.begun);
}

function framingBetween(start: PollReading, now: PollReading): ByteCount {
  const since = (name: keyof ByteCount) => now.sockets[name] - start.sockets[name];
  const updateBytes = now.updateBytes - start.updateBytes;
  return {
    readBytes: since('readBytes') - updateBytes,
    writtenBytes: since('writtenBytes'),
    plainReadBytes: since('plainReadBytes') - updateBytes,
    plainWrittenBytes: since('plainWrittenBytes'),
  };
}
