import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { plainLink } from '../../../network/link/path.ts';
import { type Transport, transports } from '../../../protocol/transport.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { streamScenario } from '../evidence.ts';

/** Each client is alone on its channel, so that no two deliveries share an update, or two waits a phase. */
export const clients = 500;

const ratesPerSecond = [0.2, 1, 5, 20];
export const rttsMs = [0, 40, 200];
const intervalPairsMs = [
  [250, 1000],
  [500, 2000],
] as const;

/** A point of the grid. Other transports than short polling do the same at every interval, and are measured at one. */
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

/** The windows at one distance, in one set of processes. */
export function windowsAt(rttMs: number, transport: Transport): readonly PlannedScenario[] {
  const points = pointsAt(rttMs).filter(
    ({ perSecond }, place, all) =>
      transport === 'short-polling' || all.findIndex((other) => other.perSecond === perSecond) === place,
  );
  const planned = points.flatMap((point) =>
    Array.from({ length: windowsOf[transport] }, (_, window) => ({
      scenario: scenarioOf(point),
      point: { ...point, window },
      link: plainLink(rttMs),
      repeats: 1,
      durationMs: Math.max(shortestWindowMs, 2.5 * point.pollIntervalMs),
    })),
  );
  return planned.map((each, place) =>
    place === 0 ? { ...each, warmupMs } : { ...each, warmupMs: 0, goesOn: true as const },
  );
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
    rttsMs.flatMap(pointsAt).flatMap((point) => {
      const its = trials.filter((trial) => trial.transport === transport && isAt(trial, point));
      return its.length > 0 ? [{ transport, point, trials: its }] : [];
    }),
  );
}

function isAt({ point }: CompletedTrial, { perSecond, pollIntervalMs, rttMs }: GridPoint): boolean {
  return point.perSecond === perSecond && point.pollIntervalMs === pollIntervalMs && point.rttMs === rttMs;
}
