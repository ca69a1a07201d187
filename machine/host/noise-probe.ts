import { readThrottledMs } from './cgroup.ts';
import { type HostTime, readHostTime } from './host-time.ts';
import { type PinnedThread, stopWatch, type WatchReading } from './pinned-thread.ts';

/** Counters at one instant. `host` is undefined and `throttledMs` null where the system does not report them. */
type Reading = {
  readonly atMs: number;
  readonly host: HostTime | undefined;
  readonly throttledMs: number | null;
  /** CPU time of this process with all its threads. */
  readonly ownMs: number;
};

/** Speed of each core at one instant: how long the same piece of work took each time, in microseconds. */
export type SpinReading = readonly { readonly core: number | null; readonly durationsUs: readonly number[] }[];

/** How long the same small task took on each core, at random instants throughout the window. */
export type TaskReading = readonly (WatchReading & { readonly core: number | null })[];

/**
 * Measures other activity on the cores of a trial. During the window it only reads two small files at each end and
 * wakes up for small tasks. The spins take about 15 ms per core and must run before and after the window.
 */
export type NoiseProbe = {
  /** Waits until running watches have ended: a thread does one thing at a time. */
  readonly spin: () => Promise<SpinReading>;
  /** Starts watching the cores. Aborting the signal ends the watch, as `end` does. */
  readonly watch: (signal: AbortSignal) => Watch;
};

/** A watch in progress, independent of other watches of the same probe. */
export type Watch = {
  /** Ends the watch and returns what it saw. */
  readonly end: () => Promise<Watched>;
};

/** What a watch saw between two instants. */
export type Watched = { readonly start: Reading; readonly end: Reading; readonly tasks: TaskReading };

const spins = 20;
/** These run before the loop is compiled. */
const discardedSpins = 5;

/**
 * `cores`: all cores on which the trial may run. `threads`: one pinned thread per core, or none: then there are no
 * spins or tasks.
 */
export function createNoiseProbe(cores: readonly number[], threads: readonly PinnedThread[]): NoiseProbe {
  return {
    spin: async () => {
      const readings = [];
      // One core at a time: two logical cores may share one physical core.
      for (const { core, spin } of threads) {
        readings.push({ core, durationsUs: (await spin(spins + discardedSpins)).slice(discardedSpins) });
      }
      return readings;
    },
    watch: (signal) => {
      const shared = new SharedArrayBuffer(4);
      const stop = () => stopWatch(shared);
      const watching = threads.map(async (thread) => ({ core: thread.core, ...(await thread.watch(shared)) }));
      // A broken thread must not fail the trial: report no tasks instead.
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
