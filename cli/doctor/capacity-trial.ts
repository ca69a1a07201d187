import { type PlannedTrial, planTrials } from '../../bench/plan/plan.ts';
import { defineScenario } from '../../scenarios/define-scenario.ts';

/** Enough sockets that their number is not what limits, and each update is written twenty times, as a fan-out is. */
const clients = 200;
const channels = 10;
const stepMs = 2_000;
const warmupMs = 2_000;

/** Clients that each update goes to. */
export const fanOut = clients / channels;

/** Where each update of a step goes, in words. */
export const capacityWorkload = `each to ${fanOut} of ${clients} clients, over WebSocket on loopback`;

/**
 * One step: a trial of WebSocket in which every update counts, as random instants that do not wait for anyone (an open
 * loop). `updatesPerSecond`: over all channels. `step`: how many came before; each is a block of its own.
 */
export function capacityTrial(updatesPerSecond: number, step: number): PlannedTrial {
  const scenario = defineScenario({
    name: 'capacity',
    title: 'Capacity',
    summary: 'Small updates to many clients, as many as the machine carries.',
    clients,
    channels,
    arrivals: { kind: 'poisson', perSecond: updatesPerSecond / channels },
    payload: { kind: 'quotes', bytes: 110 },
    semantics: 'every',
    encoding: 'json',
  });
  const [trial] = planTrials({
    profile: 'capacity',
    seed: `capacity-${updatesPerSecond}`,
    transports: ['websocket'],
    rttMs: 0,
    network: 'loopback',
    scenarios: [{ scenario, repeats: 1, durationMs: stepMs, warmupMs }],
  });
  // The first repeat also captures an exchange and measures the client's own work, which takes a second.
  return { ...trial!, block: step, repeat: 1 };
}
