import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any delayed acknowledgement (RFC 9293 allows 500 ms, systems use 40 to 200). */
const stillMs = 250;
const readEveryMs = 50;

/**
 * Waits until counters have stood still for 250 ms, and longer than one RTT. Rejects after `withinMs`: a network that
 * never falls silent can't be counted exactly.
 */
export async function untilStill(
  read: () => Promise<readonly number[]>,
  rttMs: number,
  withinMs: number,
): Promise<void> {
  const wantedMs = Math.max(stillMs, rttMs * 2);
  const startedAt = performance.now();
  let last = await read();
  let stillSince = performance.now();
  while (performance.now() - stillSince < wantedMs) {
    if (performance.now() - startedAt > withinMs) throw new Error(`counters still move after ${withinMs} ms`);
    await sleep(readEveryMs);
    const now = await read();
    if (now.some((value, i) => value !== last[i])) stillSince = performance.now();
    last = now;
  }
}
