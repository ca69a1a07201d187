import type { PlannedScenario, PlannedTrial } from '../../bench/plan/plan.ts';
import { plainLink } from '../../network/link/path.ts';
import { directRoute } from '../../network/route/route.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/**
 * Three clients on two channels: clients 0 and 2 follow channel 0, client 1 follows channel 1. Each channel has updates
 * at 0, 400 and 999 ms of every second. Because this is a trace, the number of intended updates is not random, and a
 * window that is slightly too long or too short has a different number.
 */
export function tinyScenario(given: Partial<Scenario> = {}): Scenario {
  return {
    name: 'tiny',
    title: 'Tiny',
    summary: 'Small enough to be counted by hand.',
    clients: 3,
    channels: 2,
    origin: 'server',
    arrivals: { kind: 'trace', instantsMs: [0, 400, 999], lengthMs: 1000 },
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

/** Half a second of warm-up, then a window of two seconds. */
export function tinyPlanned(scenario: Scenario = tinyScenario()): PlannedScenario {
  return { scenario, repeats: 3, durationMs: 2000, warmupMs: 500 };
}

/** The first repeat over the direct path on loopback. */
export function tinyTrial(given: Partial<PlannedTrial> = {}): PlannedTrial {
  return {
    block: 0,
    point: {},
    position: 0,
    planned: tinyPlanned(),
    repeat: 0,
    transport: 'sse',
    rttMs: 0,
    link: plainLink(0),
    route: directRoute,
    client: 'lean',
    seed: 'tiny/0',
    ...given,
  };
}
