import type { Transport } from '../../../protocol/transport.ts';
import type { CostModel, Work } from '../../../results/schema/calibration-schema.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';

/**
 * How many times a second a server wakes up for u events: those that come within τ of each other are handled together,
 * so u / (1 + uτ), as of a counter with a dead time (Knoll, Radiation Detection and Measurement, 4.7). A server that
 * sleeps pays for each event alone; a busy one for hardly any.
 */
export function wakeUpsPerSecond(eventsPerSecond: number, togetherSeconds: number): number {
  return eventsPerSecond / (1 + eventsPerSecond * togetherSeconds);
}

/** What a fit tries, besides the coefficients. */
export type Shape = Pick<CostModel, 'togetherSeconds' | 'firstReaders'>;

/** The amounts that the coefficients multiply, in the order of `costTerms`. */
export function amountsOf(work: Work, shape: Shape): readonly number[] {
  const events = work.updatesPerSecond + work.requestsPerSecond + work.publishesPerSecond;
  return [
    1,
    work.clients,
    wakeUpsPerSecond(events, shape.togetherSeconds),
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
function firstDeliveriesPerSecond(
  { updatesPerSecond, deliveriesPerSecond }: Work,
  { togetherSeconds, firstReaders }: Shape,
): number {
  if (updatesPerSecond === 0) return 0;
  const readers = deliveriesPerSecond / updatesPerSecond;
  const first = firstReaders * -Math.expm1(-readers / firstReaders);
  return wakeUpsPerSecond(updatesPerSecond, togetherSeconds) * first;
}

/** How many each client keeps open: over HTTP one that publishes has a second for it. */
export function connectionsOf(
  transport: Transport,
  { origin, inputs }: Pick<Scenario, 'origin'> & { readonly inputs?: object | undefined },
): number {
  return transport !== 'websocket' && (origin === 'client' || inputs !== undefined) ? 2 : 1;
}
