import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A thread that stays on one core and sleeps until it is asked; asleep it uses nothing. */
export type PinnedThread = {
  /** The core it was kept to; null where the system cannot do that (`taskset` is missing, or it is no Linux). */
  readonly core: number | null;
  /** Does a fixed piece of work so many times; how long each took, in microseconds. */
  readonly spin: (times: number) => Promise<readonly number[]>;
  /**
   * Wakes up for a small task of always the same work until `stopWatch`, at random instants, twenty times a second on
   * average: at regular ones it would meet a regular load always at the same phase. Resolves when it was stopped.
   */
  readonly watch: (shared: SharedArrayBuffer) => Promise<WatchReading>;
  /** Answers the calls of another thread with its own clock until that one has enough. Resolves then. */
  readonly answer: (shared: SharedArrayBuffer) => Promise<void>;
  /** Asks the other thread for its clock, so many times or until 200 ms have passed. */
  readonly call: (shared: SharedArrayBuffer, times: number) => Promise<ClockReading>;
  readonly close: () => Promise<void>;
};

/** What a thread that watched its core has seen. */
export type WatchReading = {
  /**
   * From the instant at which the task was due until it was done, in microseconds, each time; also of those that fell
   * due while one took too long.
   */
  readonly tookUs: readonly number[];
  /** CPU time of all of it, in milliseconds; null where the kernel does not tell it. */
  readonly cpuMs: number | null;
};

/** What the quickest exchange of two threads said, in nanoseconds. */
export type ClockReading = {
  readonly roundTripNs: number;
  /** The other's clock less the middle of the exchange. */
  readonly offsetNs: number;
};

/** Of what two threads share for an exchange: whose turn it is, and the instant that was read. */
export function sharedExchange(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

/** Ends the watch of all threads that share this. */
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

// Runs in the thread, as text: it may use nothing from around it, and no function with a name, which a loader may wrap.
function thread(): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const { readlinkSync, statSync, writeFileSync } = require('node:fs') as typeof import('node:fs');
  const { spawnSync } = require('node:child_process') as typeof import('node:child_process');
  let id = '';
  let pinned = false;
  try {
    id = readlinkSync('/proc/thread-self').split('/').at(-1) as string;
    pinned = spawnSync('taskset', ['-c', '-p', String(workerData), id]).status === 0;
    // The kernel may else let it sleep on for 50 µs, until another timer is due (proc_pid_timerslack_ns(5)).
    writeFileSync('/proc/thread-self/timerslack_ns', '1');
  } catch {
    // No Linux: the thread runs wherever it is put.
  }
  parentPort?.on('message', (asked: Asked) => {
    if (asked.what === 'spin') {
      const durations: number[] = [];
      let value = 1;
      for (let time = 0; time < asked.times; time++) {
        const start = process.hrtime.bigint();
        // Each step needs the one before: neither the compiler nor the processor can shorten it.
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
        // As a server's turn: text to objects and back, and calls of the kernel.
        for (let i = 0; i < 5; i++) sum += JSON.stringify(JSON.parse(text)).length;
        for (let i = 0; i < 2; i++) sum += statSync('/').mode;
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
      // A partner that died must not leave this spinning.
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
  parentPort?.postMessage({ id, pinned });
}

/** Starts a thread and keeps it to a core. Rejects when threads cannot be started. */
export async function startPinnedThread(core: number): Promise<PinnedThread> {
  const worker = new Worker(`(${thread.toString()})()`, { eval: true, workerData: core, execArgv: [] });
  worker.unref();
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      worker.once('message', (message: T) => {
        worker.off('error', reject);
        resolve(message);
      });
      worker.once('error', reject);
      // Whoever waits keeps the process alive; the thread alone does not.
      worker.ref();
    }).finally(() => worker.unref());
  let before: Promise<unknown> = Promise.resolve();
  /** One after the other: answers carry no name. */
  const ask = <T>(asked: Asked): Promise<T> => {
    const answer = before.then(() => {
      worker.postMessage(asked);
      return next<T>();
    });
    before = answer.catch(() => {});
    return answer;
  };
  const { id, pinned } = await next<{ readonly id: string; readonly pinned: boolean }>();
  return {
    core: pinned ? core : null,
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

/** CPU time of a thread of this process so far, exact while it sleeps; null where the kernel does not tell it. */
function cpuMsOf(thread: string): number | null {
  try {
    return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
}
