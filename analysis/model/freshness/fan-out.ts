/** Sends each of its updates to its readers one after the other. */
export type Sender = {
  readonly readers: number;
  readonly updatesPerSecond: number;
  /** Milliseconds that a send to one reader takes. */
  readonly sendMs: number;
};

/**
 * What sending to one reader after the other adds to the latency, in milliseconds, mean over readers. An update goes
 * through all the senders; a second one passes on what it already has while the first is still sending, so the slowest
 * sets the pace, and each of the others adds a single send.
 *
 * The slowest, with k readers and a send of s: the reader at place i waits i sends, (k + 1)/2 on average. The next update
 * waits until the sends of the one before are over: with Poisson updates (rate λ) the wait of a queue with a constant
 * service time of ks (M/D/1, Kleinrock, Queueing Systems I, 5.7): ρ ks / 2(1 − ρ), with ρ = λks. In a row of queues with
 * constant service times all waiting together is that at the slowest (Friedman 1965, Reduction Methods for Tandem Queuing
 * Systems). Right up to about ρ = 0.6: beyond it a server sends in larger pieces, and each send costs less. Infinite from
 * ρ = 1 on.
 */
export function fanOutMs(senders: readonly Sender[]): number {
  const slowest = slowestOf(senders);
  const busy = utilizationOf(slowest);
  if (busy >= 1) return Number.POSITIVE_INFINITY;
  const { readers, sendMs } = slowest;
  const others = senders.reduce((sum, each) => (each === slowest ? sum : sum + each.sendMs), 0);
  return (sendMs * (readers + 1)) / 2 + (busy * readers * sendMs) / (2 * (1 - busy)) + others;
}

/** Between the first and the last of the readers. */
export function fanOutWidthMs(senders: readonly Sender[]): number {
  const { readers, sendMs } = slowestOf(senders);
  return Math.max(0, readers - 1) * sendMs;
}

/** ρ: the share of its time for which a sender sends. */
export function utilizationOf({ readers, updatesPerSecond, sendMs }: Sender): number {
  return (updatesPerSecond * readers * sendMs) / 1000;
}

function slowestOf(senders: readonly Sender[]): Sender {
  return senders.reduce((slowest, each) => (utilizationOf(each) > utilizationOf(slowest) ? each : slowest));
}

/** Up to here `fanOutMs` is right. */
export const highestUtilization = 0.6;
