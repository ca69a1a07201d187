import { median } from 'simple-statistics';
import type { NoiseRecord } from '../results/schema.ts';
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

/**
 * What two readings say about the time between them. `trialMs`: CPU time of the measured processes in it.
 *
 * Strangers are what is left of the cores' time when idle time, steal and our own are taken away. The files count in
 * steps of 10 ms a core, so the shortest windows are blurred by some percent.
 */
export function noiseBetween(
  { start, end, tasks }: Watched,
  trialMs: number,
  spinReadings: readonly SpinReading[],
): NoiseRecord {
  const totalMs = start.host && end.host ? end.host.totalMs - start.host.totalMs : 0;
  const known = totalMs > 0;
  const stealMs = known ? end.host!.stealMs - start.host!.stealMs : 0;
  const idleMs = known ? end.host!.idleMs - start.host!.idleMs : 0;
  const ownMs = trialMs + end.ownMs - start.ownMs;
  const throttled = start.throttledMs !== null && end.throttledMs !== null;
  return {
    stealShare: known ? stealMs / totalMs : null,
    strangerShare: known ? Math.max(0, totalMs - idleMs - stealMs - ownMs) / totalMs : null,
    throttledMs: throttled ? end.throttledMs! - start.throttledMs! : null,
    spins: spinsOf(spinReadings),
    tasks: tasks.flatMap(taskOf),
  };
}

/** None if the window was too short for a task to fall due. */
function taskOf({ core, tookUs, cpuMs }: TaskReading[number]): NonNullable<NoiseRecord['tasks']> {
  return tookUs.length === 0 ? [] : [{ core, count: tookUs.length, medianUs: median([...tookUs]), cpuMs }];
}

function spinsOf(readings: readonly SpinReading[]): NoiseRecord['spins'] {
  const [first = []] = readings;
  return first.map(({ core }, place) => {
    const durations = readings.flatMap((reading) => reading[place]?.durationsUs ?? []);
    const fastestUs = Math.min(...durations);
    const meanUs = durations.reduce((sum, duration) => sum + duration, 0) / durations.length;
    return { core, fastestUs, slowdown: meanUs / fastestUs };
  });
}
