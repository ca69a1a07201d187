import { ratePerSecond, type Scenario } from '../scenarios/scenario.ts';
import { accelerate } from '../scenarios/schedule.ts';

/**
 * Requests and deliveries in a warm-up. A verdict on CPU wants 10,000: until then the compiler's work is charged to the
 * trial. Arrivals are random, so a quarter more is planned.
 */
export const wantedOperations = 12_500;

/** It is the number of operations that warms the compiler up; large payloads would only fill the machine. */
const largestPayloadBytes = 4096;
const highestBytesPerSecond = 16e6;
const shortestPollIntervalMs = 100;

/** Deliveries and publishes per second that the scenario asks for, whatever the transport. */
export function operationsPerSecond(scenario: Scenario): number {
  const updates = ratePerSecond(scenario.arrivals) * scenario.channels;
  const deliveries = ratePerSecond(scenario.arrivals) * scenario.clients;
  const inputs = scenario.inputs ? ratePerSecond(scenario.inputs.arrivals) * scenario.clients : 0;
  return deliveries + inputs + (scenario.origin === 'client' ? updates : 0);
}

/**
 * The scenario at the speed at which a warm-up of this length makes enough operations; never slower than it is. Polls
 * speed up too, down to an interval in which an answer still comes back.
 */
export function warmUpScenario(scenario: Scenario, warmupMs: number, rttMs: number): Scenario {
  const payload = { ...scenario.payload, bytes: Math.min(scenario.payload.bytes, largestPayloadBytes) };
  const bytesPerSecond = ratePerSecond(scenario.arrivals) * scenario.clients * payload.bytes;
  const wanted = wantedOperations / Math.max(1, warmupMs / 1000) / operationsPerSecond(scenario);
  const factor = Math.max(1, Math.min(wanted, highestBytesPerSecond / bytesPerSecond));
  const faster = accelerate(scenario, factor);
  // Never faster than an answer comes back, and never slower than the scenario asks for.
  const within = (fasterMs: number, scenarioMs: number) =>
    Math.min(Math.max(fasterMs, shortestPollIntervalMs, rttMs * 2.5), scenarioMs);
  const { pollCohortsMs } = scenario;
  return {
    ...faster,
    payload,
    pollIntervalMs: within(faster.pollIntervalMs, scenario.pollIntervalMs),
    ...(pollCohortsMs && { pollCohortsMs: pollCohortsMs.map((ms) => within(ms / factor, ms)) }),
  };
}
