import { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';

/**
 * Calls back at an instant, tens of microseconds late instead of the one to two milliseconds of `setTimeout`.
 *
 * A thread sleeps in `Atomics.wait` until the instant that is set, then posts a message. Everything that is due by then
 * is drained in one call, so a busy second costs few wake-ups. `setTimeout` may also fire early; this never does.
 */
export type Alarm = {
  /** Sets the next instant in the clock's microseconds; it replaces an earlier setting. `Infinity`: sleep. */
  readonly set: (atUs: number) => void;
  readonly close: () => Promise<void>;
};

// Runs in the thread, as text: it may use nothing from around it.
function sleeper(): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const turn = new Int32Array(workerData as SharedArrayBuffer, 0, 1);
  const due = new Float64Array(workerData as SharedArrayBuffer, 8, 1);
  for (;;) {
    const seen = Atomics.load(turn, 0);
    const at = due[0] as number;
    if (at === -1) return;
    const left = at - Number(process.hrtime.bigint()) / 1e6;
    if (left > 0) {
      Atomics.wait(turn, 0, seen, left);
    } else {
      parentPort?.postMessage(0);
      Atomics.wait(turn, 0, seen);
    }
  }
}

/** `onDue` runs when the set instant has come; it sets the next one. */
export function createAlarm(clock: Clock, onDue: () => void): Alarm {
  const shared = new SharedArrayBuffer(16);
  const turn = new Int32Array(shared, 0, 1);
  const due = new Float64Array(shared, 8, 1);
  due[0] = Number.POSITIVE_INFINITY;
  const worker = new Worker(`(${sleeper.toString()})()`, { eval: true, workerData: shared, execArgv: [] });
  let setUs = Number.POSITIVE_INFINITY;
  const wake = (atMs: number) => {
    due[0] = atMs;
    Atomics.add(turn, 0, 1);
    Atomics.notify(turn, 0);
  };
  const set = (atUs: number) => {
    setUs = atUs;
    const leftMs = (atUs - clock.nowUs()) / 1000;
    // Read after the clock: what happens between the two then makes it late, never early.
    wake(monotonicMs() + leftMs);
  };
  // The message may still belong to an earlier setting.
  worker.on('message', () => {
    if (clock.nowUs() >= setUs) onDue();
    else set(setUs);
  });
  worker.unref();
  return {
    set,
    close: async () => {
      setUs = Number.POSITIVE_INFINITY;
      wake(-1);
      await worker.terminate();
    },
  };
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
