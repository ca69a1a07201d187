import type { Route } from '../../network/route/route.ts';
import { publishesAtAll, ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import type { PlannedTrial } from './plan.ts';

/** New connections per second that any server takes without a queue: a TLS handshake costs it about a millisecond. */
const plainPerSecond = 1_000;
const encryptedPerSecond = 250;

/** New connections per second at least, all load processes together. */
export function connectPerSecond({ tls }: Route): number {
  return tls ? encryptedPerSecond : plainPerSecond;
}

/**
 * Clients that may be connecting at once, all load processes together, beyond those that the rate above sets off: enough
 * that servers on one core always have a connection to accept, and so few that each waits some ten milliseconds.
 */
export const mostConnecting = 64;

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

/** Publishes per second of one client, updates and inputs together, mean. */
export function publishesPerSecond({ origin, arrivals, inputs, channels, clients }: Scenario): number {
  const updates = origin === 'client' ? (ratePerSecond(arrivals) * channels) / clients : 0;
  return updates + (inputs ? ratePerSecond(inputs.arrivals) : 0);
}

/**
 * Milliseconds for which clients still publish after a phase of `durationMs`. Over HTTP each publish waits until the
 * one before is acknowledged, so they queue if a round trip is longer than the gap between two.
 */
export function publishBacklogMs(scenario: Scenario, rttMs: number, durationMs: number): number {
  if (!publishesAtAll(scenario)) return 0;
  return Math.max(0, (publishesPerSecond(scenario) * rttMs) / 1000 - 1) * durationMs;
}
