import type { Transport } from '../../../protocol/transport.ts';
import type { CostModel, Work } from '../../../results/schema/calibration-schema.ts';
import { atRate, type Scenario } from '../../../scenarios/scenario.ts';
import { voidProbability } from '../freshness/void-probability.ts';

/** What a server does in a second, and how its updates come. */
export type Load = Work & {
  /** Of each channel, at a rate that `updatesPerSecond` sets; absent: at random. */
  readonly rhythm?: Pick<Scenario, 'arrivals' | 'channels'>;
};

/**
 * How many times a second a server wakes up, in wake-ups after a long sleep. Caches cool while it sleeps: an event after a
 * silence of t costs 1 − e^(−t/τ) of a cold one. Over all events that is (1 − E[v(T)]) / τ, with v the void probability of
 * the events, T exponential with mean τ (by parts, from Palm's −v′/λ for the gap before an event: Daley and Vere-Jones,
 * 3.4). For events at random, u a second, it is u / (1 + uτ): a server that sleeps pays for each event, a busy one for
 * hardly any. Those of a burst keep it warm for each other.
 */
export function wakeUpsPerSecond(eventsPerSecond: number, togetherSeconds: number): number {
  return eventsPerSecond / (1 + eventsPerSecond * togetherSeconds);
}

/** As `wakeUpsPerSecond`, with the updates of a load in their rhythm among other events at random. */
function wakeUpsOf({ updatesPerSecond, rhythm }: Load, othersPerSecond: number, togetherSeconds: number): number {
  const isRhythmic = rhythm?.arrivals.kind === 'bursts' || rhythm?.arrivals.kind === 'constant';
  if (!isRhythmic || updatesPerSecond === 0 || togetherSeconds === 0) {
    return wakeUpsPerSecond(updatesPerSecond + othersPerSecond, togetherSeconds);
  }
  const { channels } = rhythm;
  const arrivals = atRate(rhythm.arrivals, updatesPerSecond / channels);
  const silent = silencesSeconds(togetherSeconds).map(
    (seconds) => voidProbability(arrivals, seconds * 1000) ** channels * Math.exp(-othersPerSecond * seconds),
  );
  return (1 - silent.reduce((sum, each) => sum + each, 0) / silent.length) / togetherSeconds;
}

const strata = 64;

/** Exponential with this mean, one from the middle of each of equally likely strata. */
function silencesSeconds(meanSeconds: number): readonly number[] {
  return Array.from({ length: strata }, (_, place) => -meanSeconds * Math.log1p(-(place + 0.5) / strata));
}

/** What a fit tries, besides the coefficients. */
export type Shape = Pick<CostModel, 'togetherSeconds' | 'firstReaders'>;

/** The amounts that the coefficients multiply, in the order of `costTerms`. */
export function amountsOf(work: Load, shape: Shape): readonly number[] {
  return [
    1,
    work.clients,
    wakeUpsOf(work, work.requestsPerSecond + work.publishesPerSecond, shape.togetherSeconds),
    work.updatesPerSecond,
    work.requestsPerSecond,
    work.deliveriesPerSecond,
    firstDeliveriesPerSecond(work, shape),
    work.bytesPerSecond,
    work.publishesPerSecond,
  ];
}

/**
 * Deliveries that find caches cold. A server that wakes up for an update to k readers slows down for the first κ or so and
 * then no more: κ(1 − e^(−k/κ)) of each update that it does not handle together with others. Measured: a send takes 40 µs
 * to one reader, 20 each to fifty, 12 each to a thousand.
 */
function firstDeliveriesPerSecond(load: Load, { togetherSeconds, firstReaders }: Shape): number {
  const { updatesPerSecond, deliveriesPerSecond } = load;
  if (updatesPerSecond === 0) return 0;
  const readers = deliveriesPerSecond / updatesPerSecond;
  const first = firstReaders * -Math.expm1(-readers / firstReaders);
  return wakeUpsOf(load, 0, togetherSeconds) * first;
}

/** The work of one of several nodes. Each takes in all updates and shares out the rest. */
export function shareOf(work: Load, nodes: number): Load {
  return {
    ...work,
    clients: work.clients / nodes,
    requestsPerSecond: work.requestsPerSecond / nodes,
    deliveriesPerSecond: work.deliveriesPerSecond / nodes,
    bytesPerSecond: work.bytesPerSecond / nodes,
    publishesPerSecond: work.publishesPerSecond / nodes,
  };
}

/** How many each client keeps open: over HTTP one that publishes has a second for it. */
export function connectionsOf(
  transport: Transport,
  { origin, inputs }: Pick<Scenario, 'origin'> & { readonly inputs?: object | undefined },
): number {
  return transport !== 'websocket' && (origin === 'client' || inputs !== undefined) ? 2 : 1;
}
