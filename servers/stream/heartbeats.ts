/** A pending timer of `Heartbeats`. */
export type Pending = { readonly cancel: () => void };

/** What the timers of a server have in common. `held`: fell due while paused. */
type Timers = { isPaused: boolean; readonly waiting: Set<Timer>; readonly held: Set<Timer> };

/** A class, because a node has thousands. */
class Timer implements Pending {
  readonly delayMs: number;
  readonly beat: () => void;
  readonly #timers: Timers;
  #timeout: NodeJS.Timeout;

  constructor(timers: Timers, delayMs: number, beat: () => void) {
    this.delayMs = delayMs;
    this.beat = beat;
    this.#timers = timers;
    this.#timeout = setTimeout(fallDue, delayMs, this);
    timers.waiting.add(this);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    this.#timers.waiting.delete(this);
    this.#timers.held.delete(this);
  }

  restart(inMs: number): void {
    this.cancel();
    this.#timers.waiting.add(this);
    this.#timeout = setTimeout(fallDue, inMs, this);
  }

  fallDue(): void {
    this.#timers.waiting.delete(this);
    if (this.#timers.isPaused) this.#timers.held.add(this);
    else this.beat();
  }
}

/** Not a closure, which each of thousands would have. */
function fallDue(timer: Timer): void {
  timer.fallDue();
}

const goldenRatio = 0.618_033_988_749_895;

/**
 * Everything that a server does because time passed: pings, comments, ends of holds.
 * While paused none of it starts, so that byte counters can be read at a standstill; `resume` runs what fell due
 * meanwhile.
 */
export class Heartbeats {
  readonly #timers: Timers = { isPaused: false, waiting: new Set(), held: new Set() };
  #settledUs = Number.NEGATIVE_INFINITY;

  /** The clock's instant of the last `settle`. What was sent before it does not move a timer any more. */
  get settledUs(): number {
    return this.#settledUs;
  }

  after(delayMs: number, beat: () => void): Pending {
    return new Timer(this.#timers, delayMs, beat);
  }

  pause(): void {
    this.#timers.isPaused = true;
  }

  resume(): void {
    const { held } = this.#timers;
    this.#timers.isPaused = false;
    const due = [...held];
    held.clear();
    for (const { beat } of due) beat();
  }

  /**
   * Moves every timer to where it would be if the stream had always run with an update every `updateGapMs` on average.
   * Clients that connected together, or received the warm-up's last update together, would otherwise beat together, and
   * a short window would contain all of their heartbeats or none. Those that fell due during a pause move too: the longer
   * it was, the more of them would begin the window.
   */
  settle(updateGapMs: number, nowUs: number): void {
    const { waiting, held } = this.#timers;
    this.#settledUs = nowUs;
    let place = 0;
    for (const timer of [...waiting, ...held]) {
      // Multiples of the golden ratio spread any number of clients evenly.
      const share = (place++ * goldenRatio) % 1;
      timer.restart(remainingMs(share, timer.delayMs, updateGapMs));
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
