import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { plainLink } from '../../../network/link/path.ts';
import { type Transport, transports } from '../../../protocol/transport.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { streamScenario } from '../evidence.ts';

/** Each client is alone on its channel, so that no two deliveries share an update, or two waits a phase. */
export const clients = 500;

const ratesPerSecond = [0.2, 1, 5, 20];
/**
 * The relay that makes a distance takes in packets late when updates and acknowledgements are 20,000 a second; polls
 * bring several updates at once.
 */
const mostPushedOverDistance = 10;
export const rttsMs = [0, 40, 200];
const intervalPairsMs = [
  [250, 1000],
  [500, 2000],
] as const;

/** A point of the grid, as short polling is measured at it. */
export type GridPoint = { readonly perSecond: number; readonly pollIntervalMs: number; readonly rttMs: number };

/** The points at one distance: each rate with two of the four intervals, in turns, so that all meet all. */
export function pointsAt(rttMs: number): readonly GridPoint[] {
  return ratesPerSecond.flatMap((perSecond, row) => {
    const pair = intervalPairsMs[(row + rttsMs.indexOf(rttMs)) % intervalPairsMs.length]!;
    return pair.map((pollIntervalMs) => ({ perSecond, pollIntervalMs, rttMs }));
  });
}

/** Poll phases are drawn anew for each window: a client's phase decides all its waits, so clients count and not polls. */
const windowsOf: Readonly<Record<Transport, number>> = {
  'short-polling': 4,
  'long-polling': 2,
  sse: 2,
  websocket: 2,
};

const warmupMs = 4_000;
const shortestWindowMs = 5_000;
/** A window that begins and ends without an update under way has a round trip less or more: one of so many. */
const roundTripsOfLongPolling = 100;

/** The windows at one distance, in one set of processes. */
export function windowsAt(rttMs: number, transport: Transport): readonly PlannedScenario[] {
  const points = pointsOf(rttMs, transport);
  const planned = points.flatMap((point) =>
    Array.from({ length: windowsOf[transport] }, (_, window) => ({
      scenario: scenarioOf(point),
      point: { ...point, window },
      link: plainLink(rttMs),
      repeats: 1,
      durationMs: durationMsOf(point, transport),
    })),
  );
  return planned.map((each, place) =>
    place === 0 ? { ...each, warmupMs } : { ...each, warmupMs: 0, goesOn: true as const },
  );
}

/** Other transports than short polling do the same at every poll interval, and are measured at one. */
function pointsOf(rttMs: number, transport: Transport): readonly GridPoint[] {
  const points = pointsAt(rttMs);
  if (transport === 'short-polling') return points;
  return points
    .filter(({ perSecond }, place) => points.findIndex((other) => other.perSecond === perSecond) === place)
    .map((point) => (rttMs > 0 ? { ...point, perSecond: Math.min(point.perSecond, mostPushedOverDistance) } : point));
}

function durationMsOf({ pollIntervalMs, rttMs }: GridPoint, transport: Transport): number {
  const asked = {
    'short-polling': 2.5 * pollIntervalMs,
    'long-polling': roundTripsOfLongPolling * rttMs,
    sse: 0,
    websocket: 0,
  };
  return Math.max(shortestWindowMs, asked[transport]);
}

function scenarioOf({ perSecond, pollIntervalMs }: GridPoint): Scenario {
  return streamScenario({
    name: 'model',
    clients,
    channels: clients,
    arrivals: { kind: 'poisson', perSecond },
    pollIntervalMs,
  });
}

/** The windows of one point and transport, which are compared with the model together. */
export type GridCell = {
  readonly transport: Transport;
  readonly point: GridPoint;
  readonly trials: readonly CompletedTrial[];
};

export function cellsOf(trials: readonly CompletedTrial[]): readonly GridCell[] {
  return transports.flatMap((transport) =>
    rttsMs
      .flatMap((rttMs) => pointsOf(rttMs, transport))
      .flatMap((point) => {
        const its = trials.filter((trial) => trial.transport === transport && isAt(trial, point));
        return its.length > 0 ? [{ transport, point, trials: its }] : [];
      }),
  );
}

function isAt({ point }: CompletedTrial, { perSecond, pollIntervalMs, rttMs }: GridPoint): boolean {
  return point.perSecond === perSecond && point.pollIntervalMs === pollIntervalMs && point.rttMs === rttMs;
}
