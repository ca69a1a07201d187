import { setTimeout as sleep } from 'node:timers/promises';
import type { IsolatedNetwork } from '../network/isolated.ts';
import { isolatedPath, loopbackPath, type Path, viaPath } from '../network/path.ts';
import type { StartedProxy } from '../network/proxy-main.ts';
import { isDirect, type Route, routeName } from '../network/route.ts';
import { routeCaveats } from '../network/route-caveats.ts';
import { type FailedTrial, schemaVersion, type TrialRecord } from '../results/schema.ts';
import { longestPollIntervalMs } from '../scenarios/scenario.ts';
import { connectPerSecond } from './connect-rate.ts';
import { mistakeOn, reasonOf } from './failure.ts';
import { measure, type Surroundings } from './measure.ts';
import type { PlannedTrial } from './plan.ts';
import type { Stage } from './progress.ts';
import { publishBacklogMs } from './publish-backlog.ts';
import { connectSlackMs, drainSlackMs, stillWithinMs } from './stages.ts';

export type TrialSurroundings = Surroundings & { readonly onStage: (stage: Stage) => void };

/**
 * Runs one trial with fresh processes and ends them. What goes wrong becomes a failed record with the stage and the
 * reason; it never rejects. A caller that interrupts stops the fleet and drops the record.
 */
export async function runTrial(trial: PlannedTrial, surroundings: TrialSurroundings): Promise<TrialRecord> {
  const { fleet, network, instruments, onStage } = surroundings;
  const head = headOf(trial, pathOf(trial, network));
  const giveUp = new AbortController();
  let stage: Stage = 'start';
  const enter = (next: Stage) => {
    stage = next;
    onStage(next);
  };
  let proxyConfiguration: string | undefined;
  const onProxy = ({ configuration }: StartedProxy) => {
    if (trial.repeat === 0) proxyConfiguration = configuration;
  };
  try {
    const figures = await Promise.race([
      measure(trial, surroundings, { enter, onProxy }),
      fleet.lost,
      tooLong(trial, giveUp.signal),
    ]);
    return { ...head, status: 'completed', ...figures };
  } catch (error) {
    return {
      ...head,
      status: 'failed',
      stage,
      reason: reasonOf(error),
      ...mistakeOn(trial.route),
      ...(proxyConfiguration !== undefined && { proxyConfiguration }),
    };
  } finally {
    giveUp.abort();
    // What lost the race goes on by itself, up to the end of its window.
    instruments?.noise.stop();
    await fleet.stop();
  }
}

/** The record of a trial whose network could not be made. */
export function failedNetwork(trial: PlannedTrial, error: unknown): TrialRecord {
  const path = isolatedPath(trial.link, 'none', 'cubic', []);
  return { ...headOf(trial, path), status: 'failed', stage: 'start', reason: reasonOf(error) };
}

function pathOf({ via, rttMs }: PlannedTrial, network: IsolatedNetwork | undefined): Path {
  return via ? viaPath(via.url) : (network?.path ?? loopbackPath(rttMs));
}

function headOf(trial: PlannedTrial, path: Path): Omit<FailedTrial, 'status' | 'stage' | 'reason'> {
  return {
    schemaVersion,
    block: trial.block,
    position: trial.position,
    scenario: trial.planned.scenario.name,
    point: trial.point,
    transport: trial.transport,
    ...(trial.arm && { arm: trial.arm }),
    path: {
      ...path,
      caveats: [...path.caveats, ...routeCaveats(trial.route, trial.storm !== undefined)],
      ...routed(trial.route),
      ...(trial.linkName && { linkName: trial.linkName }),
    },
    seed: trial.seed,
    startedAt: new Date().toISOString(),
  };
}

function routed(route: Route): Pick<FailedTrial['path'], 'route'> {
  return isDirect(route) ? {} : { route: { name: routeName(route), ...route } };
}

/** Rejects when a trial takes far longer than it can: a process that hangs is not lost and says nothing. */
async function tooLong({ planned, route, rttMs }: PlannedTrial, signal: AbortSignal): Promise<never> {
  const { scenario, warmupMs, durationMs } = planned;
  const connectMs = (scenario.clients / connectPerSecond(route)) * 1000 + connectSlackMs;
  const backlogMs = publishBacklogMs(scenario, rttMs, warmupMs + durationMs) + warmupMs;
  const drainsMs = 2 * (longestPollIntervalMs(scenario) + rttMs + 2 * drainSlackMs) + backlogMs;
  const limitMs = connectMs + warmupMs + durationMs + drainsMs + 3 * stillWithinMs;
  await sleep(limitMs, undefined, { signal });
  throw new Error(`no end after ${Math.round(limitMs / 1000)} s: a process hangs`);
}
