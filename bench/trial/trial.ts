import { setMaxListeners } from 'node:events';
import type { Scheduler } from '../../machine/process/scheduler.ts';
import { isolatedPath, type Path } from '../../network/link/path.ts';
import type { StartedProxy } from '../../network/proxy/proxy-main.ts';
import { isDirect, routeCaveats, routeName } from '../../network/route/route.ts';
import { type FailedTrial, schemaVersion, type TrialRecord } from '../../results/schema/schema.ts';
import { longestPollIntervalMs } from '../../scenarios/scenario.ts';
import { reasonOf } from '../../text/reason.ts';
import { boundFleet } from '../fleet/bound-fleet.ts';
import type { Surroundings } from '../fleet/site.ts';
import { connectPerSecond, publishBacklogMs } from '../plan/overheads.ts';
import { type PlannedTrial, trialsOfCrew } from '../plan/plan.ts';
import { mistakeOn } from './explain-failure.ts';
import { type Course, measure } from './measure.ts';
import type { Stage } from './progress.ts';
import { connectSlackMs, drainSlackMs, stillWithinMs } from './stages.ts';

export type TrialOptions = Surroundings & {
  readonly onStage: (stage: Stage) => void;
  /** Aborting it ends the trial at once with a failed record, which a caller that interrupts drops. */
  readonly signal: AbortSignal;
  /**
   * What the processes play after the planned trials: asked once each record has been taken; `undefined` ends it. Absent:
   * nothing.
   */
  readonly goOn?: () => PlannedTrial | undefined;
};

/** Runs a trial with which none goes on, as `runCrew` does. Once it resolves, nothing of the trial acts or waits any more. */
export async function runTrial(trial: PlannedTrial, options: TrialOptions): Promise<TrialRecord> {
  const records: TrialRecord[] = [];
  for await (const record of runCrew(trial, options)) records.push(record);
  return records[0]!;
}

/**
 * Runs a trial with fresh processes, then those that go on with them, and ends the processes. Gives one record for each,
 * in order; the next window opens when the next record is asked for. Never throws: errors become a failed record with
 * stage and reason, and failed records of the trials that would have gone on. Once all records are given, nothing of
 * these trials acts or waits any more.
 */
export async function* runCrew(first: PlannedTrial, options: TrialOptions): AsyncGenerator<TrialRecord, void> {
  const { fleet, place, startScheduler, onStage, signal: interrupt, goOn, ...around } = options;
  const left = [...trialsOfCrew(first)];
  let head = headOf(first, place.path);
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
    if (first.repeat === 0) proxyConfiguration = configuration;
  };
  let limitMs = longestMs(first);
  endAfter(() => limitMs, ending, scheduler);
  let failed: Failure | undefined;
  try {
    const measuredWith = { ...around, place, fleet: boundFleet(fleet, signal), scheduler, signal };
    const after = () => {
      const next = left[0] ?? goOn?.();
      if (next === undefined) return undefined;
      if (left.length === 0) {
        left.push(next);
        limitMs += longestWindowMs(next);
      }
      head = headOf(next, place.path);
      return next;
    };
    const course: Course = { head: first, after, isLast: () => goOn === undefined && left.length === 1 };
    for await (const figures of measure(course, measuredWith, { enter, onProxy })) {
      left.shift();
      yield { ...head, status: 'completed', ...figures };
    }
  } catch (error) {
    const reason = reasonOf(signal.aborted ? signal.reason : error);
    failed = { stage, reason, ...(proxyConfiguration !== undefined && { proxyConfiguration }) };
  } finally {
    ending.end(new Error('the trial is over'));
    await fleet.stop();
  }
  if (failed) yield* failedRecords(left, place.path, failed);
}

/** A process that hangs is not lost and rejects nothing: only this limit, which may grow, ends its trial. */
async function endAfter(limitMs: () => number, { end, signal }: Ending, { nowUs, sleep }: Scheduler): Promise<void> {
  const startedUs = nowUs();
  const leftMs = () => limitMs() - (nowUs() - startedUs) / 1000;
  try {
    while (leftMs() > 0) await sleep(leftMs(), signal);
    end(new Error(`no end after ${Math.round(limitMs() / 1000)} s: a process hangs`));
  } catch {
    // The trial was over before.
  }
}

type Failure = Pick<FailedTrial, 'stage' | 'reason' | 'proxyConfiguration'>;

/** The records of a trial that failed, and of those after it that would have gone on with its processes. */
function* failedRecords(trials: readonly PlannedTrial[], path: Path, failure: Failure): Generator<TrialRecord, void> {
  const neverBegan: Failure = { stage: 'start', reason: 'the window before it failed, and it was to go on after that' };
  for (const [place, trial] of trials.entries()) {
    const why = place === 0 ? failure : neverBegan;
    yield { ...headOf(trial, path), status: 'failed', ...why, ...mistakeOn(trial.route) };
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

/** The records of a trial whose network could not be made, and of those that would have gone on with it. */
export function failedNetwork(first: PlannedTrial, error: unknown): Generator<TrialRecord, void> {
  const path = isolatedPath(first.link, 'none', 'cubic', []);
  return failedRecords(trialsOfCrew(first), path, { stage: 'start', reason: reasonOf(error) });
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
      ...routed(trial),
      ...(trial.linkName && { linkName: trial.linkName }),
    },
    client: trial.client,
    seed: trial.seed,
    startedAt: new Date().toISOString(),
  };
}

function routed({ route, pathName = routeName(route) }: PlannedTrial): Pick<FailedTrial['path'], 'route'> {
  return isDirect(route) ? {} : { route: { name: pathName, ...route } };
}

/** Milliseconds, far longer than a trial can take with those that go on with it: each stage has a limit of its own. */
function longestMs(first: PlannedTrial): number {
  const { planned, route, rttMs } = first;
  const { scenario, warmupMs } = planned;
  const connectMs = (scenario.clients / connectPerSecond(route)) * 1000 + connectSlackMs + stillWithinMs;
  const warmUpMs = 2 * warmupMs + publishBacklogMs(scenario, rttMs, warmupMs) + drainWithinMs(first);
  const windowsMs = trialsOfCrew(first).map(longestWindowMs);
  return connectMs + warmUpMs + windowsMs.reduce((sum, ms) => sum + ms, 0);
}

function longestWindowMs(trial: PlannedTrial): number {
  const { scenario, durationMs } = trial.planned;
  const backlogMs = publishBacklogMs(scenario, trial.rttMs, durationMs);
  return durationMs + backlogMs + drainWithinMs(trial) + 2 * stillWithinMs;
}

function drainWithinMs({ planned, rttMs }: PlannedTrial): number {
  return longestPollIntervalMs(planned.scenario) + rttMs + 2 * drainSlackMs;
}
