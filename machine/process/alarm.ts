import { Worker } from 'node:worker_threads';
import type { Clock, Epoch } from './clock.ts';

/**
 * Calls back at an instant: tens of microseconds late, where `setTimeout` is one to two milliseconds late, and never
 * early, as `setTimeout` may be.
 * A thread sleeps in `Atomics.wait` until the instant, then posts a message. The callback handles everything due by
 * then, so a busy second costs few wake-ups.
 */
export type Alarm = {
  /** Sets the next instant in the clock's microseconds, replacing the previous one. `Infinity`: do not ring. */
  readonly set: (atUs: number) => void;
  readonly close: () => Promise<void>;
};

/** Set in place of an instant, this ends the thread. No instant is negative: clocks start at 1,000 s. */
const endUs = -1;

type Shared = { readonly memory: SharedArrayBuffer; readonly epoch: Epoch; readonly endUs: number };

// Sent to the thread as text: must not use anything from its surroundings. Computes the clock from its epoch, as
// `clockSince` does.
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

/** `onDue` runs when the set instant has come and must set the next one. */
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
  // The message may belong to an earlier setting.
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
