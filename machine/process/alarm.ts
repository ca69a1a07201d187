import { Worker } from 'node:worker_threads';
import type { Clock, Epoch } from './clock.ts';

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

/** Set instead of an instant: the thread ends. No clock reaches it, as it counts from 1,000 s on. */
const endUs = -1;

type Shared = { readonly memory: SharedArrayBuffer; readonly epoch: Epoch; readonly endUs: number };

// Runs in the thread, as text: it may use nothing from around it. It reads the clock by its epoch, as `clockSince` does.
function sleeper(): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const { memory, epoch, endUs } = workerData as Shared;
  const turn = new Int32Array(memory, 0, 1);
  const due = new Float64Array(memory, 8, 1);
  for (;;) {
    const seen = Atomics.load(turn, 0);
    const atUs = due[0] as number;
    if (atUs === endUs) return;
    const now = process.hrtime();
    const leftUs = atUs - (now[0] - epoch.seconds) * 1e6 - (now[1] - epoch.nanoseconds) / 1e3;
    if (leftUs > 0) {
      Atomics.wait(turn, 0, seen, leftUs / 1000);
    } else {
      parentPort?.postMessage(0);
      Atomics.wait(turn, 0, seen);
    }
  }
}

/** `onDue` runs when the set instant has come; it sets the next one. */
export function createAlarm(clock: Clock, onDue: () => void): Alarm {
  const memory = new SharedArrayBuffer(16);
  const turn = new Int32Array(memory, 0, 1);
  const due = new Float64Array(memory, 8, 1);
  due[0] = Number.POSITIVE_INFINITY;
  const workerData: Shared = { memory, epoch: clock.epoch, endUs };
  const worker = new Worker(`(${sleeper.toString()})()`, { eval: true, workerData, execArgv: [] });
  let setUs = Number.POSITIVE_INFINITY;
  const wake = (atUs: number) => {
    due[0] = atUs;
    Atomics.add(turn, 0, 1);
    Atomics.notify(turn, 0);
  };
  const set = (atUs: number) => {
    setUs = atUs;
    wake(atUs);
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
      wake(endUs);
      await worker.terminate();
    },
  };
}
