/** Waits between attempts: exponential, capped, with full jitter, so that a thousand clients do not return at once. */
export type Backoff = {
  /** Milliseconds to wait before the next attempt. The limit doubles with every call. */
  readonly nextMs: () => number;
  /** Call after a success: the next wait starts small again. */
  readonly reset: () => void;
};

/** Limit of the first wait, in milliseconds. */
export const backoffBaseMs = 100;
export const backoffCapMs = 5_000;

/** `random` returns 0 to 1. `baseMs` returns the server's `retry:` if it sent one. */
export function createBackoff(random: () => number, baseMs: () => number = () => backoffBaseMs): Backoff {
  let attempt = 0;
  return {
    nextMs: () => random() * Math.min(backoffCapMs, baseMs() * 2 ** attempt++),
    reset: () => {
      attempt = 0;
    },
  };
}
