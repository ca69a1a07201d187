/** Waits between attempts: exponential, capped, with full jitter, so that a thousand clients do not return at once. */
export type Backoff = {
  /**
   * Milliseconds to wait before the next attempt. The limit doubles with every call. `baseMs`: the first limit, such as
   * the server's `retry:` if it sent one.
   */
  nextMs(baseMs?: number): number;
  /** Call after a success: the next wait starts small again. */
  reset(): void;
};

/** Limit of the first wait, in milliseconds. */
export const backoffBaseMs = 100;
export const backoffCapMs = 5_000;

/** `random` returns 0 to 1. */
export function createBackoff(random: () => number): Backoff {
  return new JitteredBackoff(random);
}

class JitteredBackoff implements Backoff {
  readonly #random: () => number;
  #attempt = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  nextMs(baseMs = backoffBaseMs): number {
    return this.#random() * Math.min(backoffCapMs, baseMs * 2 ** this.#attempt++);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
