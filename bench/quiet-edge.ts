import type { Scheduler } from '../protocol/scheduler.ts';
import type { PlannedTrial } from './plan.ts';

/** Longer than any delayed acknowledgement (RFC 9293 allows 500 ms, systems use 40 to 200). */
const leastStillMs = 250;
/** What the kernel adds to the round-trip time, at least, before it sends a segment again. */
const retransmissionMs = 200;
/** How long the user's own path is, is unknown. */
const unknownPathStillMs = 1_000;
const readEveryMs = 50;

/**
 * How long counters have to stand still at a quiet edge, in milliseconds. Where packets are lost, the last one of an
 * exchange may be: it is sent again after a round trip and 200 ms, and if that is lost too, after twice as long (RFC 6298).
 */
export function stillMsOf({ link, via }: Pick<PlannedTrial, 'link' | 'via'>): number {
  if (via) return unknownPathStillMs;
  const { rttMs, jitterMs, lossShare } = link;
  const sentAgainMs = lossShare > 0 ? 3 * (rttMs + retransmissionMs) : 0;
  return Math.max(leastStillMs, (rttMs + jitterMs) * 2, sentAgainMs);
}

/**
 * Waits until counters have stood still for `stillMs`. Rejects after `withinMs`: a network that never falls silent can't
 * be counted exactly.
 */
export async function untilStill(
  read: () => Promise<readonly number[]>,
  { stillMs, withinMs }: { readonly stillMs: number; readonly withinMs: number },
  { nowUs, sleep }: Scheduler,
  signal: AbortSignal,
): Promise<void> {
  const startedUs = nowUs();
  let last = await read();
  let stillSinceUs = nowUs();
  while (nowUs() - stillSinceUs < stillMs * 1000) {
    if (nowUs() - startedUs > withinMs * 1000) throw new Error(`counters still move after ${withinMs} ms`);
    await sleep(readEveryMs, signal);
    const now = await read();
    if (now.some((value, i) => value !== last[i])) stillSinceUs = nowUs();
    last = now;
  }
}
