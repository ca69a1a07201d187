import { answeredAfterMs, type Conditions, type Expectation, retransmissionMs } from './conditions.ts';
import { byShares, type Distribution, later, uniform } from './distribution.ts';
import { perMs, voidIntegralMs, voidProbability } from './void-probability.ts';

/**
 * Short polling with interval P, at a phase that has nothing to do with the updates (void probability v, rate λ).
 *
 * - An update waits for the next poll: evenly between 0 and P, then the way o. Mean P/2 + o.
 * - `latest`: a poll brings the newest update of its interval alone. It is older than a with probability
 *   (v(a) − v(P)) / (1 − v(P)), so its mean age is (∫v − P v(P)) / (1 − v(P)); for Poisson arrivals
 *   1/λ − P e^(−λP) / (1 − e^(−λP)).
 * - A poll is empty with v(P). It shows (1 − v(P)) / λP of all states under `latest`.
 * - A view was right when its poll was answered, at most o to P + o ago and evenly so: it is stale with
 *   1 − (V(P + o) − V(o)) / P, V the integral of v.
 *
 * Arrivals of a constant period T can keep in step with the polls. Over many clients nothing changes, since their phases
 * differ; the mean of one client lies anywhere within `lockedRangeMs`.
 */
export function shortPolling(conditions: Conditions): Expectation {
  const { arrivals, semantics, roundTripMs, oneWayMs } = conditions;
  const intervalMs = keptIntervalMs(conditions);
  const rate = perMs(arrivals);
  const staleness = uniform(oneWayMs, intervalMs + oneWayMs);
  const empty = voidProbability(arrivals, intervalMs);
  const right = voidIntegralMs(arrivals, intervalMs + oneWayMs) - voidIntegralMs(arrivals, oneWayMs);
  return {
    latency: semantics === 'every' ? staleness : newest(conditions, intervalMs),
    staleness,
    staleFraction: 1 - right / intervalMs,
    deliveriesPerSecond: 1000 * (semantics === 'every' ? rate : (1 - empty) / intervalMs),
    requestsPerSecond: 1000 / intervalMs,
    emptyShare: empty,
    heldShare: 0,
    afterSilenceShare: intervalMs >= retransmissionMs(roundTripMs) ? 1 : 0,
    heartbeatsPerSecond: 0,
  };
}

/**
 * The interval that a client keeps: a poll waits for the answer to the one before, and one that falls due meanwhile is
 * left out.
 */
export function keptIntervalMs(conditions: Pick<Conditions, 'pollIntervalMs' | 'roundTripMs' | 'oneWayMs'>): number {
  const { pollIntervalMs } = conditions;
  return pollIntervalMs * Math.max(1, Math.ceil(answeredAfterMs(conditions) / pollIntervalMs));
}

/** Age of the newest update of an interval that has any, and the way. */
function newest({ arrivals, oneWayMs }: Conditions, intervalMs: number): Distribution {
  const empty = voidProbability(arrivals, intervalMs);
  const meanMs = (voidIntegralMs(arrivals, intervalMs) - intervalMs * empty) / (1 - empty);
  const atMost = (ageMs: number) => (1 - voidProbability(arrivals, Math.min(ageMs, intervalMs))) / (1 - empty);
  return later(byShares(meanMs, atMost, intervalMs), oneWayMs);
}

/** Below this a common divisor of two times is one only by their digits, not by what the clocks keep. */
const leastStepMs = 1;

/**
 * Width of the range in which one client's mean latency lies if updates come every `periodMs` exactly: its waits differ
 * by multiples of the greatest common divisor of period and interval, so the mean is P/2 + o give or take half of that.
 * 0 if they have none of a millisecond or more.
 */
export function lockedRangeMs(intervalMs: number, periodMs: number): number {
  let [larger, smaller] = intervalMs > periodMs ? [intervalMs, periodMs] : [periodMs, intervalMs];
  while (smaller >= leastStepMs) [larger, smaller] = [smaller, rest(larger, smaller)];
  return larger >= leastStepMs && smaller < 1e-6 * larger ? larger : 0;
}

/** The rest of a division, 0 if it is a whole number of times up to rounding. */
function rest(dividend: number, divisor: number): number {
  const left = dividend % divisor;
  return left < 1e-9 * dividend || divisor - left < 1e-9 * dividend ? 0 : left;
}
