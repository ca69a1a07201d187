import { setMaxListeners } from 'node:events';
import { isolatedPath, type Path } from '../../network/link/path.ts';
import type { StartedProxy } from '../../network/proxy/proxy-main.ts';
import { isDirect, type Route, routeCaveats, routeName } from '../../network/route/route.ts';
import { type FailedTrial, schemaVersion, type TrialRecord } from '../../results/schema/schema.ts';
import { longestPollIntervalMs } from '../../scenarios/scenario.ts';
import { reasonOf } from '../../text/reason.ts';
import { boundFleet } from '../fleet/bound-fleet.ts';
import type { Surroundings } from '../fleet/site.ts';
import { connectPerSecond, publishBacklogMs } from '../plan/overheads.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { mistakeOn } from './explain-failure.ts';
import { measure } from './measure.ts';
import type { Stage } from './progress.ts';
import { connectSlackMs, drainSlackMs, stillWithinMs } from './stages.ts';

export type TrialOptions = Surroundings & {
  readonly onStage: (stage: Stage) => void;
  /** Aborting it ends the trial at once with a failed record, which a caller that interrupts drops. */
  readonly signal: AbortSignal;
};

/**
 * Runs one trial with fresh processes and ends them. Never rejects: errors become a failed record with stage and
 * reason. Once it resolves, nothing of the trial acts or waits any more.
 */
export async function runTrial(trial: PlannedTrial, options: TrialOptions): Promise<TrialRecord> {
  const { fleet, place, startScheduler, onStage, signal: interrupt, ...around } = options;
  const head = headOf(trial, place.path);
  const scheduler = startScheduler();
  const ending = endingOf(fleet.lost, interrupt);
  const { signal } = ending;
  let stage: Stage = 'start';
  const enter = (next: Stage) => {
    signal.throwIfAborted();
    stage = next;
    onStage(next);
  };
  let proxyConfiguration: string | undefined;
  const onProxy = ({ configuration }: StartedProxy) => {
    if (trial.repeat === 0) proxyConfiguration = configuration;
  };
  const limitMs = longestMs(trial);
  // A process that hangs is not lost and rejects nothing: only this limit ends its trial.
  scheduler.sleep(limitMs, signal).then(
    () => ending.end(new Error(`no end after ${Math.round(limitMs / 1000)} s: a process hangs`)),
    () => {},
  );
  try {
    const measuredWith = { ...around, place, fleet: boundFleet(fleet, signal), scheduler, signal };
    const figures = await measure(trial, measuredWith, { enter, onProxy });
    return { ...head, status: 'completed', ...figures };
  } catch (error) {
    return {
      ...head,
      status: 'failed',
      stage,
      reason: reasonOf(signal.aborted ? signal.reason : error),
      ...mistakeOn(trial.route),
      ...(proxyConfiguration !== undefined && { proxyConfiguration }),
    };
  } finally {
    ending.end(new Error('the trial is over'));
    await fleet.stop();
  }
}

type Ending = {
  /** Aborted when the trial is over, for any reason. */
  readonly signal: AbortSignal;
  readonly end: (reason: Error) => void;
};

/** Ends a trial from outside: if a process is lost, or on an interrupt. */
function endingOf(lost: Promise<never>, interrupt: AbortSignal): Ending {
  const controller = new AbortController();
  // Each open question adds a listener, and a trial may ask hundreds of processes at once; Node.js 20 warns from eleven
  // on.
  setMaxListeners(0, controller.signal);
  const onInterrupt = () => end(new Error('interrupted'));
  const end = (reason: Error) => {
    interrupt.removeEventListener('abort', onInterrupt);
    controller.abort(reason);
  };
  interrupt.addEventListener('abort', onInterrupt, { once: true });
  if (interrupt.aborted) onInterrupt();
  lost.catch(end);
  return { signal: controller.signal, end };
}

/** The record of a trial whose network could not be made. */
export function failedNetwork(trial: PlannedTrial, error: unknown): TrialRecord {
  const path = isolatedPath(trial.link, 'none', 'cubic', []);
  return { ...headOf(trial, path), status: 'failed', stage: 'start', reason: reasonOf(error) };
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
    client: trial.client,
    seed: trial.seed,
    startedAt: new Date().toISOString(),
  };
}

function routed(route: Route): Pick<FailedTrial['path'], 'route'> {
  return isDirect(route) ? {} : { route: { name: routeName(route), ...route } };
}

/** Milliseconds, far longer than a trial can take: each stage has a limit of its own. */
function longestMs({ planned, route, rttMs }: PlannedTrial): number {
  const { scenario, warmupMs, durationMs } = planned;
  const connectMs = (scenario.clients / connectPerSecond(route)) * 1000 + connectSlackMs;
  const backlogMs = publishBacklogMs(scenario, rttMs, warmupMs + durationMs) + warmupMs;
  const drainsMs = 2 * (longestPollIntervalMs(scenario) + rttMs + 2 * drainSlackMs) + backlogMs;
  return connectMs + warmupMs + durationMs + drainsMs + 3 * stillWithinMs;
}
