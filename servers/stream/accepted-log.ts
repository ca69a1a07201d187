import { type AcceptedUpdates, emptyUpdates } from '../../protocol/accepted-updates.ts';
import type { Accepted } from './state-stream.ts';

const initialRows = 4096;

/** The updates accepted since `clear`, in columns. Grows by doubling; a row takes 28 bytes and no object. */
export class AcceptedLog {
  #rows = 0;
  #columns = emptyUpdates(initialRows);

  add({ channel, version, publisher, intendedUs }: Accepted, acceptedUs: number): void {
    if (this.#rows === this.#columns.channel.length) this.#grow();
    const row = this.#rows++;
    this.#columns.channel[row] = channel;
    this.#columns.version[row] = version;
    this.#columns.publisher[row] = publisher;
    this.#columns.intendedUs[row] = intendedUs;
    this.#columns.acceptedUs[row] = acceptedUs;
  }

  clear(): void {
    this.#rows = 0;
  }

  updates(): AcceptedUpdates {
    const { channel, version, publisher, intendedUs, acceptedUs } = this.#columns;
    return {
      channel: channel.slice(0, this.#rows),
      version: version.slice(0, this.#rows),
      publisher: publisher.slice(0, this.#rows),
      intendedUs: intendedUs.slice(0, this.#rows),
      acceptedUs: acceptedUs.slice(0, this.#rows),
    };
  }

  #grow(): void {
    const wider = emptyUpdates(this.#rows * 2);
    wider.channel.set(this.#columns.channel);
    wider.version.set(this.#columns.version);
    wider.publisher.set(this.#columns.publisher);
    wider.intendedUs.set(this.#columns.intendedUs);
    wider.acceptedUs.set(this.#columns.acceptedUs);
    this.#columns = wider;
  }
}
