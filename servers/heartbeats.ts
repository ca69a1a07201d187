/** A timer that a quiet edge may hold back. */
export type Pending = { readonly cancel: () => void };

/**
 * Everything a server does because time passed: pings, comments, ends of holds.
 *
 * While `pause` is in force nothing of it starts, so that byte counters can be read at a standstill; `resume` makes up
 * for what fell due.
 */
export class Heartbeats {
  #paused = false;
  #held = new Set<() => void>();

  after(delayMs: number, beat: () => void): Pending {
    const due = () => {
      if (this.#paused) this.#held.add(beat);
      else beat();
    };
    const timer = setTimeout(due, delayMs);
    return {
      cancel: () => {
        clearTimeout(timer);
        this.#held.delete(beat);
      },
    };
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    const held = this.#held;
    this.#held = new Set();
    for (const beat of held) beat();
  }
}

/**
 * Where in its first interval a client's heartbeat falls, 0 to 1. Multiples of the golden ratio spread any number of
 * clients evenly, so that a short window sees the share of heartbeats that a long one would.
 */
export function heartbeatPhase(client: number | undefined): number {
  return client === undefined ? Math.random() : (client * 0.618_033_988_749_895) % 1;
}
