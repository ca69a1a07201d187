import type { PlannedTrial } from './plan.ts';

/** Longer than any delayed acknowledgement (RFC 9293 allows 500 ms, systems use 40 to 200). */
const leastStillMs = 250;
/** The least that the kernel adds to the round-trip time before it sends a segment again. */
const retransmissionMs = 200;
/** For the user's own path, whose round-trip time is unknown. */
const unknownPathStillMs = 1_000;

/**
 * Milliseconds for which counters have to stand still at a quiet edge. Where packets are lost, the last one of an
 * exchange may be: it is sent again after a round trip and 200 ms, and if lost again after twice as long (RFC 6298).
 */
export function stillMsOf({ link, via }: Pick<PlannedTrial, 'link' | 'via'>): number {
  if (via) return unknownPathStillMs;
  const { rttMs, jitterMs, lossShare } = link;
  const sentAgainMs = lossShare > 0 ? 3 * (rttMs + retransmissionMs) : 0;
  return Math.max(leastStillMs, (rttMs + jitterMs) * 2, sentAgainMs);
}
