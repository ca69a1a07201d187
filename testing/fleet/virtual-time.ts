import { type Clock, type Epoch, headStartSeconds } from '../../machine/process/clock.ts';
import type { Scheduler } from '../../machine/process/scheduler.ts';

type Due = { readonly atUs: number; readonly act: () => void };

/** Virtual time: stands still while code runs, and jumps to the next due timer once all tasks wait. */
export class VirtualTime {
  #nowUs = 0;
  /** In order of their instants. */
  readonly #due: Due[] = [];
  #sleeping = 0;

  /** Microseconds since this object was made. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** Number of scheduler sleeps that have not ended. */
  get sleeping(): number {
    return this.#sleeping;
  }

  /** A scheduler whose clock starts now, and which sleeps by virtual time. */
  readonly startScheduler = (): Scheduler => {
    const epoch = { seconds: -headStartSeconds, nanoseconds: this.#nowUs * 1000 };
    return {
      ...this.clockSince(epoch),
      sleep: (ms, signal) => this.#sleep(ms, signal),
      every: (ms, act) => this.#every(ms * 1000, act),
    };
  };

  clockSince(epoch: Epoch): Clock {
    return { epoch, nowUs: () => this.#nowUs - epoch.seconds * 1e6 - epoch.nanoseconds / 1000 };
  }

  /** Calls `act` after a delay in microseconds. Returns a function that cancels it. */
  after(us: number, act: () => void): () => void {
    const due = { atUs: this.#nowUs + Math.max(0, Math.ceil(us)), act };
    const later = this.#due.findLastIndex(({ atUs }) => atUs <= due.atUs) + 1;
    this.#due.splice(later, 0, due);
    return () => {
      const place = this.#due.indexOf(due);
      if (place >= 0) this.#due.splice(place, 1);
    };
  }

  /** Lets time pass until the work has settled. Rejects if nothing is due that could settle it. */
  async play<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    for (;;) {
      // By then all promises have settled, except those that wait for time to pass.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await work;
      if (!this.#jump()) throw new Error(`nothing is due any more at ${this.#nowUs / 1000} ms, and it has not ended`);
    }
  }

  #jump(): boolean {
    const next = this.#due.shift();
    if (!next) return false;
    this.#nowUs = next.atUs;
    next.act();
    return true;
  }

  #every(us: number, act: () => void): () => void {
    let cancel = () => {};
    const again = () => {
      cancel = this.after(us, () => {
        again();
        act();
      });
    };
    again();
    return () => cancel();
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      this.#sleeping++;
      const wake = (settle: () => void) => {
        this.#sleeping--;
        cancel();
        signal.removeEventListener('abort', abort);
        settle();
      };
      const abort = () => wake(() => reject(signal.reason));
      const cancel = this.after(ms * 1000, () => wake(resolve));
      signal.addEventListener('abort', abort);
    });
  }
}
