import { median } from 'simple-statistics';
import type { Clock } from '../../../machine/process/clock.ts';

/** One delivery in as many is looked at: a look at each would be part of what is measured. A prime, so that no client is left out. */
const every = 97;

/** The front of an update stands within these first bytes, whatever wraps it. */
const mostFrontBytes = 512;
const front = /\[\d+,(\d+),\d+,/;

/** Latencies of some deliveries to bare receivers, which read no update: whether something stands in a queue. */
export class LatencySamples {
  readonly #clock: Clock;
  readonly #us: number[] = [];
  #seen = 0;
  #client = -1;
  #dueUs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A pushed update has come, somewhere in these bytes. Its latency is from its intended instant. */
  pushed(bytes: Buffer, length = bytes.length): void {
    if (++this.#seen % every !== 0) return;
    const intendedUs = front.exec(bytes.toString('latin1', 0, Math.min(length, mostFrontBytes)))?.[1];
    if (intendedUs !== undefined) this.#us.push(this.#clock.nowUs() - Number(intendedUs));
  }

  /** A client polls; the poll was due at `dueUs`. */
  asked(client: number, dueUs: number): void {
    if (++this.#seen % every !== 0) return;
    this.#client = client;
    this.#dueUs = dueUs;
  }

  /** A client has the answer to its poll. */
  answered(client: number): void {
    if (client !== this.#client) return;
    this.#client = -1;
    this.#us.push(this.#clock.nowUs() - this.#dueUs);
  }

  clear(): void {
    this.#us.length = 0;
  }

  /** Null: nothing was looked at. */
  p50Us(): number | null {
    return this.#us.length === 0 ? null : median(this.#us);
  }
}
