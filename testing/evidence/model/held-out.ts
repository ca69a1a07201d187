import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { findScenario } from '../../../scenarios/catalogue/catalogue.ts';
import { changedScenario } from '../../../scenarios/define-scenario.ts';
import { atRate, ratePerSecond, type Scenario } from '../../../scenarios/scenario.ts';

/** A workload that no calibration has, made from one that comes with pvw. */
type HeldOut = {
  readonly name: string;
  /** Factors of what the scenario has. */
  readonly clients?: number;
  readonly rate?: number;
  readonly payloadBytes?: number;
  readonly pollIntervalMs?: number;
};

/**
 * Other arrivals, semantics, encodings and origins; rates and clients by up to three times; other payloads. Most take a
 * tenth of a core and more: below that, what a wake-up of an idle core costs differs by more than a prediction may be off.
 */
const heldOut: readonly HeldOut[] = [
  { name: 'chat-room', clients: 3, rate: 3 },
  { name: 'chat-room', clients: 3, payloadBytes: 600 },
  { name: 'ticker' },
  { name: 'ticker', clients: 3, rate: 0.5 },
  { name: 'presence', clients: 3, rate: 3 },
  { name: 'presence', clients: 3, rate: 3, payloadBytes: 400 },
  { name: 'online-game' },
  { name: 'live-stream', clients: 3, payloadBytes: 8_000 },
  { name: 'dashboard', clients: 3, rate: 2, pollIntervalMs: 1_500 },
  { name: 'notifications', clients: 3, rate: 30, pollIntervalMs: 2_000 },
];

/** As warm as the windows of a calibration, most of which follow others. */
const warmupMs = 10_000;

/** Each once, with processes of its own. */
export function heldOutScenarios(): readonly PlannedScenario[] {
  return heldOut.map((each, place) => planned(scenarioOf(each), { heldOut: place + 1 }));
}

/** Five times as many clients as the largest calibrated: as dashboards are, with few updates for many readers. */
export function manyClientsScenario(): PlannedScenario {
  const dashboard = scenarioOf({ name: 'dashboard', pollIntervalMs: 2_000 });
  return planned({ ...dashboard, clients: 5_000, channels: 100 }, { clients: 5_000 });
}

/** As many as five nodes with 10,000 each; every client gets an update each ten seconds. */
export function fiftyThousandScenario(): PlannedScenario {
  const dashboard = scenarioOf({ name: 'dashboard', rate: 0.2, pollIntervalMs: 5_000 });
  return planned({ ...dashboard, clients: 50_000, channels: 500 }, { clients: 50_000 });
}

const shortestMs = 8_000;
/** A window begins and ends in the middle of a poll interval. */
const intervalsOfWindow = 4;

function planned(scenario: Scenario, point: NonNullable<PlannedScenario['point']>): PlannedScenario {
  const durationMs = Math.max(shortestMs, intervalsOfWindow * scenario.pollIntervalMs);
  return { scenario, point, repeats: 1, durationMs, warmupMs };
}

function scenarioOf({ name, clients = 1, rate = 1, payloadBytes, pollIntervalMs }: HeldOut): Scenario {
  const scenario = findScenario(name);
  if (!scenario) throw new Error(`the scenario ${name} is gone`);
  const { arrivals, payload } = scenario;
  return changedScenario(scenario, {
    clients: Math.round(scenario.clients * clients),
    arrivals: atRate(arrivals, ratePerSecond(arrivals) * rate),
    payload: { ...payload, bytes: payloadBytes ?? payload.bytes },
    pollIntervalMs: pollIntervalMs ?? scenario.pollIntervalMs,
  });
}
