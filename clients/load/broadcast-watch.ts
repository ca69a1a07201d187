import { createRecorder } from '../../machine/process/recorder.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { publishers } from '../../protocol/contract-terms.ts';
import type { Delivery } from './settlement.ts';

/** How far a broadcast came among the clients of one process. Instants are in the clock's microseconds. */
export type BroadcastReach = {
  readonly intendedUs: number;
  /** Clients that received it, and when the last of them did. */
  readonly clients: number;
  readonly lastUs: number;
};

/** The broadcasts of a window. `delivery`: their latencies in microseconds, an encoded recording. */
export type BroadcastFigures = { readonly delivery: string; readonly reached: readonly BroadcastReach[] };

/** Picks the deliveries of broadcasts out of all. */
export class BroadcastWatch {
  readonly #publisher: AcceptedUpdates['publisher'];
  readonly #delivery = createRecorder();
  readonly #reached = new Map<number, { clients: number; lastUs: number }>();

  constructor({ publisher }: AcceptedUpdates) {
    this.#publisher = publisher;
  }

  observe({ row, intendedUs, receivedUs }: Pick<Delivery, 'row' | 'intendedUs' | 'receivedUs'>): void {
    if (this.#publisher[row] !== publishers.broadcast) return;
    this.#delivery.record(receivedUs - intendedUs);
    const reach = this.#reached.get(intendedUs);
    if (reach) {
      reach.clients++;
      reach.lastUs = Math.max(reach.lastUs, receivedUs);
    } else {
      this.#reached.set(intendedUs, { clients: 1, lastUs: receivedUs });
    }
  }

  figures(): BroadcastFigures {
    const reached = [...this.#reached].map(([intendedUs, reach]) => ({ intendedUs, ...reach }));
    return { delivery: this.#delivery.encoded(), reached };
  }
}
