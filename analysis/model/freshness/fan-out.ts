/**
 * What sending one update to k readers one after the other adds to their latency, in milliseconds, mean over readers. A
 * send takes s: the reader at place i waits i sends, (k + 1)/2 on average. The next update waits until the sends
 * of the one before are over: with Poisson updates (rate λ) the wait of a queue with a constant service time of ks
 * (M/D/1, Kleinrock, Queueing Systems I, 5.7): ρ ks / 2(1 − ρ), with ρ = λks. Right up to about ρ = 0.6: beyond it a server
 * sends in larger pieces, and each send costs less. Infinite from ρ = 1 on.
 */
export function fanOutMs(readers: number, sendMs: number, updatesPerSecond: number): number {
  const busy = utilizationOf(readers, sendMs, updatesPerSecond);
  if (busy >= 1) return Number.POSITIVE_INFINITY;
  const serviceMs = readers * sendMs;
  return (sendMs * (readers + 1)) / 2 + (busy * serviceMs) / (2 * (1 - busy));
}

/** Between the first and the last of the readers. */
export function fanOutWidthMs(readers: number, sendMs: number): number {
  return Math.max(0, readers - 1) * sendMs;
}

/** ρ: the share of time for which a node sends. `updatesPerSecond`: of all channels of the node. */
export function utilizationOf(readers: number, sendMs: number, updatesPerSecond: number): number {
  return (updatesPerSecond * readers * sendMs) / 1000;
}

/** Up to here `fanOutMs` is right. */
export const highestUtilization = 0.6;
