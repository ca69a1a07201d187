import { type Conditions, type Expectation, retransmissionMs } from './conditions.ts';
import { uniform } from './distribution.ts';
import { perMs, silenceShare, voidProbability } from './void-probability.ts';

/**
 * A stream, SSE or WebSocket: each update is sent at once, so a delivery takes the way and nothing else; o is its mean
 * over the readers. A view is stale
 * while any update is under way, unless nothing happened for the time of the way: 1 − v(o). `latest` changes nothing,
 * because nothing waits.
 *
 * A heartbeat falls into a gap of arrivals after each whole interval of silence. With Poisson arrivals (rate λ, interval
 * T) a gap outlasts j intervals with probability e^(−λjT), so λ Σ e^(−λjT) = λ / (e^(λT) − 1) come in a second: near 1/T if
 * updates are rare, and none if they are frequent. The same form is used for other arrivals with v(T) in place of
 * e^(−λT), which is right at both ends.
 */
export function stream({ arrivals, heartbeatMs, roundTripMs, oneWayMs, fanOutMs = 0 }: Conditions): Expectation {
  const rate = perMs(arrivals);
  const way = uniform(oneWayMs - fanOutMs / 2, oneWayMs + fanOutMs / 2);
  const silent = voidProbability(arrivals, heartbeatMs);
  return {
    latency: way,
    staleness: way,
    staleFraction: 1 - voidProbability(arrivals, oneWayMs),
    deliveriesPerSecond: rate * 1000,
    requestsPerSecond: 0,
    emptyShare: 0,
    heldShare: 0,
    afterSilenceShare: silenceShare(arrivals, retransmissionMs(roundTripMs)),
    heartbeatsPerSecond: silent === 1 ? 1000 / heartbeatMs : (1000 * rate * silent) / (1 - silent),
  };
}
