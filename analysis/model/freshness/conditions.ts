import type { Semantics } from '../../../protocol/contract-terms.ts';
import type { Arrivals } from '../../../scenarios/scenario.ts';
import type { Distribution } from './distribution.ts';

/** What one client of one channel meets: the parameters of the model. */
export type Conditions = {
  /** Updates of its channel. */
  readonly arrivals: Arrivals;
  readonly semantics: Semantics;
  /** Between the starts of two short polls. */
  readonly pollIntervalMs: number;
  /** Longest time for which a long poll is held. */
  readonly holdMs: number;
  /** Silence after which a stream says that it is alive. */
  readonly heartbeatMs: number;
  readonly roundTripMs: number;
  /** From the instant of an update to its receipt, if the server may send it at once: half a round trip and all handling. */
  readonly oneWayMs: number;
  /** Between the first and the last reader of an update, if the server sends to them one after the other; absent: 0. */
  readonly fanOutMs?: number;
};

/** What the model expects of one client, in a steady state. */
export type Expectation = {
  /** Of what is delivered; under `latest` that is not every update. */
  readonly latency: Distribution;
  /** From an update to knowing it or a newer one, of all updates. */
  readonly staleness: Distribution;
  /** Share of time for which the client's view is not the newest. */
  readonly staleFraction: number;
  readonly deliveriesPerSecond: number;
  /** Polls; 0 for a stream. */
  readonly requestsPerSecond: number;
  /** Share of polls that bring nothing; 0 for a stream. */
  readonly emptyShare: number;
  /** Share of polls that are answered only after the longest delay of an acknowledgement, `delayedAckMs`. */
  readonly heldShare: number;
  /**
   * Share of messages to the client that come after a silence of `retransmissionMs` or more; 0 for long polling, whose
   * client sends something just before.
   */
  readonly afterSilenceShare: number;
  readonly heartbeatsPerSecond: number;
};

/** For how long Linux puts off an acknowledgement that may travel with data (TCP_DELACK_MIN, include/net/tcp.h). */
export const delayedAckMs = 40;

/** How long a sender waits for an acknowledgement, at least, on a path whose round trips hardly vary (RFC 6298; TCP_RTO_MIN). */
export function retransmissionMs(roundTripMs: number): number {
  return 200 + roundTripMs;
}

/** From a request that is answered at once to having its answer: half a round trip up, and the way down with all handling. */
export function answeredAfterMs({ roundTripMs, oneWayMs }: Pick<Conditions, 'roundTripMs' | 'oneWayMs'>): number {
  return roundTripMs / 2 + oneWayMs;
}
