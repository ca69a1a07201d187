import { publishesAtAll, ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';

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
