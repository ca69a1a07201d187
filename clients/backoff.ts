/** Waits between attempts: exponential, capped, with full jitter, so that a thousand clients do not come back at once. */
export type Backoff = {
  /** Milliseconds to wait before the next attempt; grows with every call. */
  readonly nextMs: () => number;
  /** It worked: the next failure starts small again. */
  readonly reset: () => void;
};

export const backoffBaseMs = 100;
export const backoffCapMs = 5_000;

/** `random` gives 0 to 1. `baseMs` is a server's `retry:` where it sent one. */
export function createBackoff(random: () => number, baseMs: () => number = () => backoffBaseMs): Backoff {
  let attempt = 0;
  return {
    nextMs: () => random() * Math.min(backoffCapMs, baseMs() * 2 ** attempt++),
    reset: () => {
      attempt = 0;
    },
  };
}
