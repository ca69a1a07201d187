import { Worker } from 'node:worker_threads';
import type { Clock, Epoch } from './clock.ts';
import { tightenTimers } from './timer-slack.ts';

/** A thread that sleeps until an instant and then sends a message to the main thread. */
export type Sleeper = {
  /** Sets the next instant in the clock's microseconds, replacing the previous one. `Infinity`: none. */
  readonly wakeAt: (atUs: number) => void;
  readonly close: () => Promise<void>;
};

/** Set in place of an instant, this ends the thread. No instant is negative: clocks start at 1,000 s. */
const endUs = -1;

type Shared = { readonly memory: SharedArrayBuffer; readonly epoch: Epoch; readonly endUs: number };

// Sent to the thread as text: must not use anything from its surroundings. Computes the clock from its epoch, as
// `clockSince` does.
function sleep(tighten: typeof tightenTimers): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const { memory, epoch, endUs } = workerData as Shared;
  const turn = new Int32Array(memory, 0, 1);
  const due = new Float64Array(memory, 8, 1);
  tighten(require('node:fs') as typeof import('node:fs'));
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

/** `onWake` runs in the main thread some 70 to 360 µs after each instant. It may belong to an earlier setting. */
export function startSleeper(clock: Clock, onWake: () => void): Sleeper {
  const memory = new SharedArrayBuffer(16);
  const turn = new Int32Array(memory, 0, 1);
  const due = new Float64Array(memory, 8, 1);
  due[0] = Number.POSITIVE_INFINITY;
  const workerData: Shared = { memory, epoch: clock.epoch, endUs };
  const text = `(${sleep.toString()})(${tightenTimers.toString()})`;
  const worker = new Worker(text, { eval: true, workerData, execArgv: [] });
  worker.on('message', onWake);
  worker.unref();
  const wakeAt = (atUs: number) => {
    due[0] = atUs;
    Atomics.add(turn, 0, 1);
    Atomics.notify(turn, 0);
  };
  return {
    wakeAt,
    close: async () => {
      wakeAt(endUs);
      await worker.terminate();
    },
  };
}
