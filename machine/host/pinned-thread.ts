import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { tightenTimers } from '../process/timer-slack.ts';

/** A thread pinned to one core that sleeps, using no CPU, until it is asked to work. */
export type PinnedThread = {
  /** The core it is pinned to; null where `taskset` is missing or refused. */
  readonly core: number | null;
  /** How much later than asked the kernel may wake it, in nanoseconds; null where the kernel does not report it. */
  readonly timerSlackNs: number | null;
  /** Does a fixed piece of work `times` times. Resolves with the duration of each, in microseconds. */
  readonly spin: (times: number) => Promise<readonly number[]>;
  /**
   * Wakes up for a small constant task at random instants, twenty times a second on average, until `stopWatch`. Regular
   * instants would meet a regular load always at the same phase. Resolves when the watch was stopped.
   */
  readonly watch: (shared: SharedArrayBuffer) => Promise<WatchReading>;
  /** Answers another thread's `call` with this thread's clock. Resolves when that call is done. */
  readonly answer: (shared: SharedArrayBuffer) => Promise<void>;
  /** Asks the answering thread for its clock `times` times, or for at most 200 ms. */
  readonly call: (shared: SharedArrayBuffer, times: number) => Promise<ClockReading>;
  readonly close: () => Promise<void>;
};

/** Result of a watch on one core. */
export type WatchReading = {
  /**
   * Time from when each task was due until it was done, in microseconds. Tasks that fell due while another one ran are
   * included.
   */
  readonly tookUs: readonly number[];
  /** CPU time of the whole watch in milliseconds; null where the kernel does not report it. */
  readonly cpuMs: number | null;
};

/** The quickest exchange of two threads, in nanoseconds. */
export type ClockReading = {
  readonly roundTripNs: number;
  /** The other thread's clock less the midpoint of the exchange. */
  readonly offsetNs: number;
};

/** Memory for one exchange between two threads: whose turn it is, and the instant read. */
export function sharedExchange(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

/** Ends the watch of every thread that shares this memory. */
export function stopWatch(shared: SharedArrayBuffer): void {
  const turn = new Int32Array(shared, 0, 1);
  Atomics.store(turn, 0, 1);
  Atomics.notify(turn, 0);
}

type Asked =
  | { readonly what: 'spin'; readonly times: number }
  | { readonly what: 'watch'; readonly shared: SharedArrayBuffer }
  | { readonly what: 'answer'; readonly shared: SharedArrayBuffer }
  | { readonly what: 'call'; readonly shared: SharedArrayBuffer; readonly times: number };

// Sent to the thread as text. It must not use anything from its surroundings, nor named functions: a loader may wrap
// them.
function thread(tighten: typeof tightenTimers): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const files = require('node:fs') as typeof import('node:fs');
  const { spawnSync } = require('node:child_process') as typeof import('node:child_process');
  let id = '';
  let pinned = false;
  try {
    id = files.readlinkSync('/proc/thread-self').split('/').at(-1) as string;
    pinned = spawnSync('taskset', ['-c', '-p', String(workerData), id]).status === 0;
  } catch {
    // Not Linux: the thread stays unpinned.
  }
  const slackNs = tighten(files) ?? null;
  parentPort?.on('message', (asked: Asked) => {
    if (asked.what === 'spin') {
      const durations: number[] = [];
      let value = 1;
      for (let time = 0; time < asked.times; time++) {
        const start = process.hrtime.bigint();
        // Each step depends on the previous one, so neither the compiler nor the processor can shorten the loop.
        for (let i = 0; i < 400_000; i++) value = (Math.imul(value, 1_103_515_245) + 12_345) | 0;
        durations.push(Number(process.hrtime.bigint() - start) / 1000);
      }
      parentPort?.postMessage(value === 0.5 ? [] : durations);
      return;
    }
    const turn = new Int32Array(asked.shared, 0, 1);
    if (asked.what === 'watch') {
      const text = JSON.stringify({ version: 1, channel: 'watched', payload: [1, 2, { three: 3.25 }], sent: true });
      const tookUs: number[] = [];
      let sum = 0;
      let due = performance.now() + 25 + 50 * Math.random();
      while (Atomics.wait(turn, 0, 0, Math.max(0, due - performance.now())) === 'timed-out') {
        // Resembles a server's work: JSON parsing and writing, and system calls.
        for (let i = 0; i < 5; i++) sum += JSON.stringify(JSON.parse(text)).length;
        for (let i = 0; i < 2; i++) sum += files.statSync('/').mode;
        const done = performance.now();
        for (; due < done; due += 25 + 50 * Math.random()) tookUs.push((done - due) * 1000);
      }
      parentPort?.postMessage(sum === 0.5 ? [] : tookUs);
      return;
    }
    const instant = new BigInt64Array(asked.shared, 8, 1);
    if (asked.what === 'answer') {
      for (let now = Atomics.load(turn, 0); now !== 3; now = Atomics.load(turn, 0)) {
        if (now !== 1) continue;
        instant[0] = process.hrtime.bigint();
        Atomics.store(turn, 0, 2);
      }
      parentPort?.postMessage(0);
      return;
    }
    const best = { roundTripNs: Number.POSITIVE_INFINITY, offsetNs: 0 };
    const begun = process.hrtime.bigint();
    for (let time = 0; time < asked.times && process.hrtime.bigint() - begun < 200_000_000n; time++) {
      const sent = process.hrtime.bigint();
      Atomics.store(turn, 0, 1);
      // Bounded: a partner that died must not leave this thread spinning.
      let patience = 100_000_000;
      while (Atomics.load(turn, 0) !== 2 && patience > 0) patience--;
      if (patience === 0) break;
      const back = process.hrtime.bigint();
      if (Number(back - sent) >= best.roundTripNs) continue;
      best.roundTripNs = Number(back - sent);
      best.offsetNs = Number((instant[0] as bigint) - sent) - best.roundTripNs / 2;
    }
    Atomics.store(turn, 0, 3);
    parentPort?.postMessage(best);
  });
  parentPort?.postMessage({ id, pinned, slackNs });
}

/** What a thread says of itself once it runs. `id`: its number in the kernel. */
type Started = { readonly id: string; readonly pinned: boolean; readonly slackNs: number | null };

/** Starts a thread and pins it to a core. Rejects when the thread cannot be started. */
export async function startPinnedThread(core: number): Promise<PinnedThread> {
  const text = `(${thread.toString()})(${tightenTimers.toString()})`;
  const worker = new Worker(text, { eval: true, workerData: core, execArgv: [] });
  worker.unref();
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      worker.once('message', (message: T) => {
        worker.off('error', reject);
        resolve(message);
      });
      worker.once('error', reject);
      // A pending question keeps the process alive; an idle thread does not.
      worker.ref();
    }).finally(() => worker.unref());
  let before: Promise<unknown> = Promise.resolve();
  /** Asks one question at a time: answers carry no id. */
  const ask = <T>(asked: Asked): Promise<T> => {
    const answer = before.then(() => {
      worker.postMessage(asked);
      return next<T>();
    });
    before = answer.catch(() => {});
    return answer;
  };
  const { id, pinned, slackNs } = await next<Started>();
  return {
    core: pinned ? core : null,
    timerSlackNs: slackNs,
    spin: (times) => ask({ what: 'spin', times }),
    watch: async (shared) => {
      const before = cpuMsOf(id);
      const tookUs = await ask<readonly number[]>({ what: 'watch', shared });
      const after = cpuMsOf(id);
      return { tookUs, cpuMs: before === null || after === null ? null : after - before };
    },
    answer: (shared) => ask({ what: 'answer', shared }),
    call: (shared, times) => ask({ what: 'call', shared, times }),
    close: async () => {
      await worker.terminate();
    },
  };
}

/**
 * CPU time in milliseconds that a thread of this process has used so far (`schedstat`), exact while it sleeps; null
 * where the kernel does not report it.
 */
function cpuMsOf(thread: string): number | null {
  try {
    return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
}
