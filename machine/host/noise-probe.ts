import { readThrottledMs } from './cgroup.ts';
import { type HostTime, readHostTime } from './host-time.ts';
import { type PinnedThread, stopWatch, type WatchReading } from './pinned-thread.ts';

/** What was used up to one instant. */
type Reading = {
  readonly atMs: number;
  readonly host: HostTime | undefined;
  readonly throttledMs: number | null;
  /** CPU time of this process with all its threads. */
  readonly ownMs: number;
};

/** How fast each core was, at one instant: durations of the same piece of work, in microseconds. */
export type SpinReading = readonly { readonly core: number | null; readonly durationsUs: readonly number[] }[];

/** What the same small task took on each core, at random instants all through the window. */
export type TaskReading = readonly (WatchReading & { readonly core: number | null })[];

/**
 * Looks for whatever else happens on the cores of a trial. In the window it reads two small files at both ends and wakes
 * up for small tasks; the spins, which take some 15 ms a core, belong before and after it.
 */
export type NoiseProbe = {
  /** Waits for watches in progress to end: a thread does one thing at a time. */
  readonly spin: () => Promise<SpinReading>;
  /** Begins to watch the cores. An abort ends the watch, as `end` does. */
  readonly watch: (signal: AbortSignal) => Watch;
};

/** A watch in progress. It shares nothing with other watches of the same probe. */
export type Watch = {
  /** Ends it and gives what was seen. */
  readonly end: () => Promise<Watched>;
};

/** What was seen between two instants. */
export type Watched = { readonly start: Reading; readonly end: Reading; readonly tasks: TaskReading };

const spins = 20;
/** The first run before the compiler has seen the loop. */
const discardedSpins = 5;

/** `cores`: all on which the trial may run; `threads`: one on each of them, or none. */
export function createNoiseProbe(cores: readonly number[], threads: readonly PinnedThread[]): NoiseProbe {
  return {
    spin: async () => {
      const readings = [];
      // One after the other: two cores may be two halves of one.
      for (const { core, spin } of threads) {
        readings.push({ core, durationsUs: (await spin(spins + discardedSpins)).slice(discardedSpins) });
      }
      return readings;
    },
    watch: (signal) => {
      const shared = new SharedArrayBuffer(4);
      const stop = () => stopWatch(shared);
      const watching = threads.map(async (thread) => ({ core: thread.core, ...(await thread.watch(shared)) }));
      // A broken thread must not fail the trial: it then has no tasks.
      const tasks = Promise.all(watching).catch(() => []);
      const start = read(cores);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      return {
        end: async () => {
          const end = read(cores);
          signal.removeEventListener('abort', stop);
          stop();
          return { start, end, tasks: await tasks };
        },
      };
    },
  };
}

function read(cores: readonly number[]): Reading {
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    host: readHostTime(cores),
    throttledMs: readThrottledMs(),
    ownMs: (user + system) / 1000,
  };
}
