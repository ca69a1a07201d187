import type { ByteCount } from '../network/sockets/socket-bytes.ts';
import type { Sharing } from './publisher.ts';

/** What a poll came to at the sockets of its client. */
export type PollCost = {
  /** Question and answer without updates; undefined where they cannot be told from what was published beside them. */
  readonly framing: ByteCount | undefined;
  readonly updateBytes: number;
};

export type PollMeter = {
  /** A poll is asked now. `connected`: on a connection that stands already. */
  readonly begin: (connected: boolean) => void;
  /** It was answered with this status, and its updates have been taken. */
  readonly end: (status: number) => PollCost;
};

/** What is read before and after a poll. */
export type PollReading = {
  readonly sockets: ByteCount;
  /** Bytes of updates received so far. */
  readonly updateBytes: number;
  /** Undefined: publishes have a connection of their own, whose bytes are not among these. */
  readonly sharing: Sharing | undefined;
};

/**
 * Meters the polls of one client by what its sockets carried meanwhile. Over HTTP/2 a publish goes over the same
 * connection, and what both carried at the same time cannot be split: such a poll is taken at what the last one with the
 * same status came to that had the connection to itself.
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
      // A handshake is not what the next poll costs.
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
