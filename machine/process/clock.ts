/**
 * Reads instants: whole microseconds of the machine's monotonic clock since the trial's epoch. All processes of a
 * machine read the same clock, so instants with the same epoch are comparable. `Date.now` is never used.
 */
export type Clock = {
  /** Instant 0. Another thread or process with this epoch reads the same clock. */
  readonly epoch: Epoch;
  readonly nowUs: () => number;
};

/** Instant 0 of a trial, as `process.hrtime` gives it. */
export type Epoch = { readonly seconds: number; readonly nanoseconds: number };

// Instants are written as decimal text. Starting at 1,000 s they have ten digits for two and a half hours, so the bytes
// of an update do not depend on when it was sent.
export const headStartSeconds = 1000;

/** Taken once: `process` is looked up with each use. */
const { hrtime } = process;

/** An epoch `headStartSeconds` ago: a clock with it now shows 1,000 s. */
export function newEpoch(): Epoch {
  const [seconds, nanoseconds] = hrtime();
  return { seconds: seconds - headStartSeconds, nanoseconds };
}

export function clockSince(epoch: Epoch): Clock {
  const { seconds, nanoseconds } = epoch;
  return {
    epoch,
    nowUs: () => {
      const now = hrtime();
      return (now[0] - seconds) * 1_000_000 + Math.round((now[1] - nanoseconds) / 1000);
    },
  };
}
