import type { PlannedScenario, PlannedTrial } from '../bench/plan.ts';
import { plainLink } from '../network/path.ts';
import { directRoute } from '../network/route.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/**
 * Three clients on two channels: clients 0 and 2 follow channel 0, client 1 follows channel 1. Updates come at 100, 400
 * and 700 ms of every second, in each channel: a trace, so no randomness decides how many are intended.
 */
export function tinyScenario(given: Partial<Scenario> = {}): Scenario {
  return {
    name: 'tiny',
    title: 'Tiny',
    summary: 'Small enough to be counted by hand.',
    clients: 3,
    channels: 2,
    origin: 'server',
    arrivals: { kind: 'trace', instantsMs: [100, 400, 700], lengthMs: 1000 },
    payload: { kind: 'notice', bytes: 64 },
    semantics: 'every',
    encoding: 'json',
    echo: true,
    pollIntervalMs: 500,
    holdMs: 2000,
    heartbeatMs: 1500,
    ...given,
  };
}

/** A window of two seconds, after half a second of warm-up. */
export function tinyPlanned(scenario: Scenario = tinyScenario()): PlannedScenario {
  return { scenario, repeats: 3, durationMs: 2000, warmupMs: 500 };
}

/** The first repeat over the direct path on loopback. */
export function tinyTrial(given: Partial<PlannedTrial> = {}): PlannedTrial {
  return {
    block: 0,
    position: 0,
    planned: tinyPlanned(),
    repeat: 0,
    transport: 'sse',
    rttMs: 0,
    link: plainLink(0),
    route: directRoute,
    seed: 'tiny/0',
    ...given,
  };
}
