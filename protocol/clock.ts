/**
 * Instants are whole microseconds of the machine's monotonic clock since the run's epoch. On one machine every process
 * reads the same clock, so an epoch handed to all of them makes their instants comparable; `Date.now` is never used.
 */
export type Clock = {
  readonly nowUs: () => number;
};

/** Reads the epoch for a run, as `[seconds, nanoseconds]` of `process.hrtime`. */
export function newEpoch(): Epoch {
  const [seconds, nanoseconds] = process.hrtime();
  return { seconds, nanoseconds };
}

export type Epoch = { readonly seconds: number; readonly nanoseconds: number };

export function clockSince({ seconds, nanoseconds }: Epoch): Clock {
  return {
    nowUs: () => {
      const now = process.hrtime();
      return (now[0] - seconds) * 1_000_000 + Math.round((now[1] - nanoseconds) / 1000);
    },
  };
}
