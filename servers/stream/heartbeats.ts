/** A pending timer of `Heartbeats`. */
export type Pending = { readonly cancel: () => void };

type Waiting = { readonly delayMs: number; readonly due: () => void; timer: NodeJS.Timeout };

const goldenRatio = 0.618_033_988_749_895;

/**
 * Everything that a server does because time passed: pings, comments, ends of holds.
 * While paused none of it starts, so that byte counters can be read at a standstill; `resume` runs what fell due
 * meanwhile.
 */
export class Heartbeats {
  #paused = false;
  readonly #waiting = new Set<Waiting>();
  #held = new Set<() => void>();

  after(delayMs: number, beat: () => void): Pending {
    const due = () => {
      this.#waiting.delete(waiting);
      if (this.#paused) this.#held.add(beat);
      else beat();
    };
    const waiting: Waiting = { delayMs, due, timer: setTimeout(due, delayMs) };
    this.#waiting.add(waiting);
    return {
      cancel: () => {
        clearTimeout(waiting.timer);
        this.#waiting.delete(waiting);
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

  /**
   * Moves every timer to where it would be if the stream had always run with an update every `updateGapMs` on average.
   * Clients that connected together, or received the warm-up's last update together, would otherwise beat together, and
   * a short window would contain all of their heartbeats or none.
   */
  settle(updateGapMs: number): void {
    let place = 0;
    for (const waiting of this.#waiting) {
      // Multiples of the golden ratio spread any number of clients evenly.
      const share = (place++ * goldenRatio) % 1;
      clearTimeout(waiting.timer);
      waiting.timer = setTimeout(waiting.due, remainingMs(share, waiting.delayMs, updateGapMs));
    }
  }
}

/**
 * The remaining milliseconds of a heartbeat interval. The time since the last update is exponential with mean `gapMs`;
 * beyond one interval of silence, the place in the current interval is uniform. `share` in [0, 1) is the quantile.
 */
export function remainingMs(share: number, intervalMs: number, gapMs: number): number {
  const updated = 1 - Math.exp(-intervalMs / gapMs);
  if (share < updated) return intervalMs + gapMs * Math.log(1 - share);
  return intervalMs * ((share - updated) / (1 - updated));
}
