import { type Alarm, createAlarm } from '../../machine/process/alarm.ts';
import { spinning } from '../../machine/process/approach.ts';
import type { Clock } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';

type Delayed = { readonly dueUs: number; readonly act: () => void };

/**
 * Runs actions at their instants, which must be added in ascending order. Records how late each ran, in microseconds.
 */
export class DelayLine {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  #queue: Delayed[] = [];
  #first = 0;

  readonly lateness = createRecorder();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = createAlarm(clock, () => this.#run(), spinning());
  }

  add(dueUs: number, act: () => void): void {
    this.#queue.push({ dueUs, act });
    if (this.#queue.length - this.#first === 1) this.#alarm.set(dueUs);
  }

  close(): Promise<void> {
    return this.#alarm.close();
  }

  #run(): void {
    while (this.#first < this.#queue.length && this.#queue[this.#first]!.dueUs <= this.#clock.nowUs()) {
      const { dueUs, act } = this.#queue[this.#first++]!;
      this.lateness.record(this.#clock.nowUs() - dueUs);
      act();
    }
    if (this.#first === this.#queue.length || this.#first > 4096) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    this.#alarm.set(this.#queue[this.#first]?.dueUs ?? Number.POSITIVE_INFINITY);
  }
}
