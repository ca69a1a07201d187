import type { Work } from '../../../results/schema/calibration-schema.ts';

/**
 * How many times a second a server wakes up for u events: those that come within τ of each other are handled together,
 * so u / (1 + uτ), as of a counter with a dead time (Knoll, Radiation Detection and Measurement, 4.7). A server that
 * sleeps pays for each event alone; a busy one for hardly any.
 */
export function wakeUpsPerSecond(eventsPerSecond: number, togetherSeconds: number): number {
  return eventsPerSecond / (1 + eventsPerSecond * togetherSeconds);
}

/** The amounts that the coefficients multiply, in the order of `costTerms`. */
export function amountsOf(work: Work, togetherSeconds: number): readonly number[] {
  const events = work.updatesPerSecond + work.requestsPerSecond + work.publishesPerSecond;
  return [
    1,
    work.clients,
    wakeUpsPerSecond(events, togetherSeconds),
    work.requestsPerSecond,
    work.deliveriesPerSecond,
    work.bytesPerSecond,
    work.publishesPerSecond,
  ];
}
