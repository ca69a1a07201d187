import type { ByteCount } from '../network/sockets/socket-bytes.ts';
import type { LoadTally, PollTraffic } from './subscriber/transport-client.ts';

/** What the polls after the window came to: those of one client, and in the tally those of all. */
export type DrainCount = {
  /** One that was answered, with its bytes without updates. */
  readonly poll: (framing: ByteCount) => void;
  /** As in `LoadTally`. */
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
