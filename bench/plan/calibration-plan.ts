import { plainLink } from '../../network/link/path.ts';
import { isDirect, type Route } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { defineScenario } from '../../scenarios/define-scenario.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Plan, PlannedScenario } from './plan.ts';

/**
 * The workloads whose costs `analysis/model` fits: rate crossed with fan-out 1, 10, 50 and 500, over two distances, with
 * fewer or more clients over each. Each crew of processes plays four windows, and keeps its connections from one to the
 * next: most of a trial's time would be warming up. The windows of a crew differ in rate, payload, poll interval and
 * publishes by factors that do not go together, so that their costs can be told apart.
 */
type Crew = {
  readonly rttMs: number;
  readonly fanOut: number;
  readonly clients: number;
  /** Updates per second of each channel, and publishes of each client if they publish at all, before the factors of a window. */
  readonly perSecond: number;
  readonly inputsPerSecond?: number;
  readonly pollIntervalMs: number;
};

const [farMs, nearMs] = [40, 10];

/**
 * Two distances, by which the requests of long polling to an update differ. Without any the kernel does the work of the
 * receiver as that of the sender, which makes a server look dearer than it is to real clients, by a quarter and more.
 */
const crews: readonly Crew[] = [
  { rttMs: farMs, fanOut: 1, clients: 200, perSecond: 0.15, pollIntervalMs: 1000 },
  { rttMs: farMs, fanOut: 10, clients: 60, perSecond: 1, inputsPerSecond: 0.8, pollIntervalMs: 2000 },
  { rttMs: farMs, fanOut: 50, clients: 1000, perSecond: 0.2, pollIntervalMs: 2000 },
  { rttMs: farMs, fanOut: 500, clients: 500, perSecond: 0.5, pollIntervalMs: 2000 },
  { rttMs: nearMs, fanOut: 1, clients: 600, perSecond: 0.05, pollIntervalMs: 2000 },
  { rttMs: nearMs, fanOut: 10, clients: 300, perSecond: 0.2, pollIntervalMs: 2000 },
  { rttMs: nearMs, fanOut: 50, clients: 100, perSecond: 2, inputsPerSecond: 0.3, pollIntervalMs: 1000 },
  { rttMs: nearMs, fanOut: 500, clients: 1000, perSecond: 0.25, pollIntervalMs: 4000 },
];

/** However many they are: up to 6,000 deliveries a second, and up to 5,000 polls, which leave a core room. */
function crowdOf(clients: number): Crew {
  return { rttMs: farMs, fanOut: 50, clients, perSecond: 300 / clients, pollIntervalMs: 0.8 * clients };
}

/** Factors of the windows of a crew. */
type Window = {
  readonly rate: number;
  readonly payloadBytes: number;
  readonly interval: number;
  readonly inputs: number;
};

const windows: readonly Window[] = [
  { rate: 20, payloadBytes: 200, interval: 1, inputs: 1 },
  { rate: 4, payloadBytes: 120, interval: 0.5, inputs: 0.25 },
  { rate: 3, payloadBytes: 6000, interval: 0.5, inputs: 2 },
  // Last, when the compiler has done its work, of which little would be a large share here.
  { rate: 1, payloadBytes: 200, interval: 0.25, inputs: 6 },
];

const warmupMs = 4_000;
const durationMs = 2_500;

export type CalibrationOptions = {
  readonly route: Route;
  readonly seed: string;
  readonly network: Plan['network'];
  /** Of one more crew, for predictions of many thousands. */
  readonly clients?: number;
};

/** The most clients of a crew without an option. */
export const usualMostClients = Math.max(...crews.map(({ clients }) => clients));

/** Over another path than the direct one a single distance is enough: it changes what a request costs, not how many there are. */
export function calibrationPlan({ route, seed, network, clients }: CalibrationOptions): Plan {
  const isWhole = isDirect(route) && network === 'isolated';
  const all = clients === undefined ? crews : [...crews, crowdOf(clients)];
  return {
    profile: 'calibration',
    seed,
    transports,
    rttMs: farMs,
    ...(network && { network }),
    scenarios: all.filter(({ rttMs }) => isWhole || rttMs === farMs).flatMap(plannedOf),
    routes: [route],
  };
}

function plannedOf(crew: Crew): readonly PlannedScenario[] {
  const { rttMs } = crew;
  return windows.map((window, place) => ({
    scenario: scenarioOf(crew, window),
    point: { clients: crew.clients, fanOut: crew.fanOut, rttMs, window: place + 1 },
    ...(rttMs !== farMs && { link: plainLink(rttMs) }),
    repeats: 1,
    durationMs,
    ...(place === 0 ? { warmupMs } : { warmupMs: 0, goesOn: true as const }),
  }));
}

function scenarioOf({ fanOut, clients, perSecond, inputsPerSecond, pollIntervalMs }: Crew, window: Window): Scenario {
  return defineScenario({
    name: 'calibration',
    title: 'Calibration',
    summary: 'Workloads whose costs tell apart what a client, an update, a request, a delivery and a byte cost.',
    clients,
    channels: Math.round(clients / fanOut),
    arrivals: { kind: 'poisson', perSecond: perSecond * window.rate },
    payload: { kind: 'quotes', bytes: window.payloadBytes },
    pollIntervalMs: pollIntervalMs * window.interval,
    ...(inputsPerSecond !== undefined && {
      inputs: {
        arrivals: { kind: 'poisson', perSecond: inputsPerSecond * window.inputs },
        payload: { kind: 'player-input', bytes: 60 },
      },
    }),
  });
}
