import { answeredAfterMs, type Conditions, delayedAckMs, type Expectation } from './conditions.ts';
import { byShares, type Distribution, later, spread } from './distribution.ts';
import { replayedLongPolling } from './long-replay.ts';

/**
 * Long polling. After an answer the server waits for the next request, for a round trip with all handling: R below is the
 * way o down and half a round trip up. Then it has an update for the request, or holds it until one comes, H at most.
 *
 * For Poisson arrivals (rate λ, q = e^(−λR), h = e^(−λH)) the cycles from answer to answer are alike and independent:
 *
 * - A cycle lasts L = R + q (1 − h)/λ on average, so requests are 1/L; q h of them end empty.
 * - It brings λR updates that came in the gap, and with q (1 − h) one that ended a hold. The first wait evenly between 0
 *   and R, the latter not at all. Mean over updates: o + (λR · R/2) / (λR + q (1 − h)).
 * - `latest`: of a gap's updates the newest is delivered. Its mean age is (1 − q)/λ − R q, over all cycles; divided by the
 *   share of cycles that bring something, 1 − q h.
 * - The view is right in a cycle of mean length L for (e^(−λo) − q)/λ of the gap, since the client has the answer after o;
 *   for q (1 − h)/λ of the hold; and after an empty answer for (1 − e^(−λo))/λ of its way: q h of the cycles.
 *
 * Other arrivals have no such cycles. They are played through: `replayedLongPolling`.
 */
export function longPolling(conditions: Conditions): Expectation {
  const { arrivals } = conditions;
  return arrivals.kind === 'poisson' ? poisson(conditions, arrivals.perSecond / 1000) : replayedLongPolling(conditions);
}

/** The parts of a cycle, in milliseconds and shares. */
type Cycle = {
  readonly perMs: number;
  readonly oneWayMs: number;
  /** From an answer to the arrival of the next request. */
  readonly gapMs: number;
  /** q, and h. */
  readonly quietGap: number;
  readonly quietHold: number;
  readonly meanMs: number;
};

function cycleOf({ roundTripMs, oneWayMs, holdMs }: Conditions, perMs: number): Cycle {
  const gapMs = answeredAfterMs({ roundTripMs, oneWayMs });
  const quietGap = Math.exp(-perMs * gapMs);
  const quietHold = Math.exp(-perMs * holdMs);
  const meanMs = gapMs + quietGap * heldMs(perMs, holdMs);
  return { perMs, oneWayMs, gapMs, quietGap, quietHold, meanMs };
}

/** (1 − h)/λ: the mean length of a hold; H itself without updates. */
function heldMs(perMs: number, holdMs: number): number {
  return perMs === 0 ? holdMs : -Math.expm1(-perMs * holdMs) / perMs;
}

function poisson(conditions: Conditions, perMs: number): Expectation {
  const { semantics, holdMs, oneWayMs, fanOutMs = 0 } = conditions;
  const cycle = cycleOf(conditions, perMs);
  const { quietGap, quietHold, meanMs } = cycle;
  const staleness = spread(later(everyUpdate(cycle), oneWayMs), fanOutMs);
  return {
    latency: semantics === 'every' ? staleness : spread(later(newestOf(cycle), oneWayMs), fanOutMs),
    staleness,
    staleFraction: 1 - rightMs(cycle, holdMs) / meanMs,
    deliveriesPerSecond: 1000 * (semantics === 'every' ? perMs : (1 - quietGap * quietHold) / meanMs),
    requestsPerSecond: 1000 / meanMs,
    emptyShare: quietGap * quietHold,
    heldShare: quietGap * Math.exp(-perMs * Math.min(delayedAckMs, holdMs)),
    afterSilenceShare: 0,
    heartbeatsPerSecond: 0,
  };
}

/** How long updates wait at the server, all of them. */
function everyUpdate({ perMs, gapMs, quietGap, quietHold }: Cycle): Distribution {
  const inGap = perMs * gapMs;
  const atOnce = quietGap * (1 - quietHold);
  const gapShare = inGap === 0 ? 0 : inGap / (inGap + atOnce);
  const atMost = (ms: number) => 1 - gapShare + gapShare * Math.min(1, ms / gapMs);
  return byShares((gapShare * gapMs) / 2, atMost, gapMs);
}

/** How long the newest update of each answer waits. */
function newestOf({ perMs, gapMs, quietGap, quietHold }: Cycle): Distribution {
  const answered = 1 - quietGap * quietHold;
  const meanMs = answered === 0 ? 0 : ((1 - quietGap) / perMs - gapMs * quietGap) / answered;
  // The newest of a gap is older than a with e^(−λa) − q.
  const atMost = (ms: number) => 1 - Math.max(0, Math.exp(-perMs * ms) - quietGap) / answered;
  return byShares(meanMs, atMost, gapMs);
}

/** For how long of a cycle the view is the newest, on average. */
function rightMs({ perMs, oneWayMs, gapMs, quietGap, quietHold }: Cycle, holdMs: number): number {
  const quietWay = Math.exp(-perMs * oneWayMs);
  const onWayMs = perMs === 0 ? oneWayMs : (1 - quietWay) / perMs;
  const inGapMs = perMs === 0 ? gapMs - oneWayMs : (quietWay - quietGap) / perMs;
  return inGapMs + quietGap * heldMs(perMs, holdMs) + quietGap * quietHold * onWayMs;
}
