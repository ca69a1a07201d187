/**
 * Instants are whole microseconds of the machine's monotonic clock since the trial's epoch. On one machine every process
 * reads the same clock, so an epoch handed to all of them makes their instants comparable; `Date.now` is never used.
 */
export type Clock = {
  /** Its instant 0: with it another thread or process reads the same clock. */
  readonly epoch: Epoch;
  readonly nowUs: () => number;
};

/** The instant 0 of a trial, as `[seconds, nanoseconds]` of `process.hrtime`. */
export type Epoch = { readonly seconds: number; readonly nanoseconds: number };

// Instants are written as decimal text: from here on they have ten digits for two and a half hours, so that the bytes
// of an update do not depend on when in a trial it was sent.
export const headStartSeconds = 1000;

export function newEpoch(): Epoch {
  const [seconds, nanoseconds] = process.hrtime();
  return { seconds: seconds - headStartSeconds, nanoseconds };
}

export function clockSince(epoch: Epoch): Clock {
  const { seconds, nanoseconds } = epoch;
  return {
    epoch,
    nowUs: () => {
      const now = process.hrtime();
      return (now[0] - seconds) * 1_000_000 + Math.round((now[1] - nanoseconds) / 1000);
    },
  };
}
