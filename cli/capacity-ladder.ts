import { type PlannedTrial, planTrials } from '../bench/plan/plan.ts';
import { defineScenario } from '../scenarios/define-scenario.ts';
import type { CapacityStep } from './capacity-step.ts';

/** Enough sockets that their number is not what limits, and each update is written twenty times, as a fan-out is. */
const clients = 200;
const channels = 10;
const stepMs = 2_000;
const warmupMs = 2_000;

/** Updates per second, over all channels. The last is 2,000,000 deliveries, which no server process comes to. */
const rates = { first: 250, last: 100_000 } as const;
/** If all cores were less busy than this, the next rate is four times as high: twice would not yet fill one. */
const calmShare = 0.15;
/** Between a rate that was carried and one that was not, further apart than this, one more is tried. */
const closeEnough = 1.5;

/** No step starts later than this; one takes some seven seconds, of which four are warm-up and window. */
export const lastStartMs = 33_000;

/** Clients that each update goes to. */
export const fanOut = clients / channels;

/** Where each update of a step goes, in words. */
export const capacityWorkload = `each to ${fanOut} of ${clients} clients, over WebSocket on loopback`;

/**
 * One step: a trial of WebSocket in which every update counts, as random instants that do not wait for anyone (an open
 * loop). `updatesPerSecond`: over all channels.
 */
export function capacityTrial(updatesPerSecond: number): PlannedTrial {
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
  return { ...trial!, repeat: 1 };
}

/**
 * The next rate to try, in updates per second; undefined: the limit is known well enough, or there is no time for
 * another step. `steps`: those so far. `elapsedMs`: since the first began.
 */
export function nextRate(steps: readonly CapacityStep[], elapsedMs: number): number | undefined {
  if (elapsedMs > lastStartMs) return undefined;
  const carried = highestCarried(steps);
  const limited = lowestLimited(steps);
  if (limited) return carried && between(carried.updatesPerSecond, limited.updatesPerSecond);
  if (!carried) return rates.first;
  if (carried.updatesPerSecond >= rates.last) return undefined;
  const busiest = Math.max(...Object.values(carried.cores).map((core) => core?.share ?? 0));
  return Math.min(rates.last, carried.updatesPerSecond * (busiest < calmShare ? 4 : 2));
}

/** In the middle, as factors go; undefined if the two are close. */
function between(carried: number, limited: number): number | undefined {
  return limited / carried > closeEnough ? Math.round(Math.sqrt(carried * limited)) : undefined;
}

/** The step at the highest rate that the machine carried; undefined: none. */
export function highestCarried(steps: readonly CapacityStep[]): CapacityStep | undefined {
  return byRate(steps).findLast(({ limit }) => limit === null);
}

/** The step at the lowest rate that it did not carry: what limited first. Undefined: it carried all. */
export function lowestLimited(steps: readonly CapacityStep[]): CapacityStep | undefined {
  return byRate(steps).find(({ limit }) => limit !== null);
}

function byRate(steps: readonly CapacityStep[]): readonly CapacityStep[] {
  return steps.toSorted((a, b) => a.updatesPerSecond - b.updatesPerSecond);
}
