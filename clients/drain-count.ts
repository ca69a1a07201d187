import type { ByteCount } from '../network/sockets/socket-bytes.ts';
import type { LoadTally, PollTraffic } from './subscriber/transport-client.ts';

/** Counts polls after the window, for one client and for the shared tally. */
export type DrainCount = {
  /** Counts an answered poll, with its bytes excluding updates. */
  readonly poll: (framing: ByteCount) => void;
  /** Adds to `surplusUpdateBytes`, see `LoadTally`. */
  readonly surplus: (updateBytes: number) => void;
  readonly soFar: () => Pick<
    PollTraffic,
    'drainRequests' | 'drainReadBytes' | 'drainWrittenBytes' | 'surplusUpdateBytes'
  >;
};

export function createDrainCount(tally: LoadTally): DrainCount {
  const own = { drainRequests: 0, drainReadBytes: 0, drainWrittenBytes: 0, surplusUpdateBytes: 0 };
  return {
    poll: ({ readBytes, writtenBytes, plainReadBytes, plainWrittenBytes }) => {
      own.drainRequests++;
      own.drainWrittenBytes += writtenBytes;
      own.drainReadBytes += readBytes;
      tally.drainRequests++;
      tally.drainUpFramingBytes += plainWrittenBytes;
      tally.drainDownFramingBytes += plainReadBytes;
      tally.drainUpTlsBytes += writtenBytes - plainWrittenBytes;
      tally.drainDownTlsBytes += readBytes - plainReadBytes;
    },
    surplus: (updateBytes) => {
      own.surplusUpdateBytes += updateBytes;
      tally.surplusUpdateBytes += updateBytes;
    },
    soFar: () => ({ ...own }),
  };
}
