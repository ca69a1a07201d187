import type { Site } from '../bench/fleet/site.ts';
import { openLocalSite } from '../bench/local/local-site.ts';
import { lockMachine } from '../bench/local/machine-lock.ts';
import { choosePinning } from '../bench/local/pinning.ts';
import { runTrial } from '../bench/trial/trial.ts';
import type { TrialRecord } from '../results/schema/schema.ts';
import { UsageError } from '../text/usage-error.ts';
import { capacityTrial, highestCarried, lowestLimited, nextRate } from './capacity-ladder.ts';
import { type CapacityStep, stepOf } from './capacity-step.ts';
import { capacityText, stepText } from './capacity-text.ts';
import { type ExitCode, exitCodes } from './screen/exit-codes.ts';
import { listenForInterrupt } from './screen/interrupt.ts';
import { print } from './screen/output.ts';

/** A step that hangs ends here at the latest, unfinished. */
const longestMs = 45_000;

/**
 * `pvw doctor --capacity`: real trials at rising rates until something is full. Each step is a line on stderr, the
 * result goes to stdout. Throws `UsageError` if a run is going on.
 */
export async function measureCapacity({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const lock = await lockMachine('none: it is pvw doctor --capacity');
  const interrupt = listenForInterrupt(
    () => process.stderr.write('stopping\n'),
    () => {},
  );
  try {
    if (lock.other && !process.env.PVW_SHARE_MACHINE) {
      throw new UsageError(`--capacity: a run is going on (process ${lock.other.pid ?? 'unknown'}); wait for it`);
    }
    const steps = await stepsHere(interrupt.signal);
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    if (steps.length === 0) throw new Error(`no step ended within ${longestMs / 1000} s`);
    print(json ? `${JSON.stringify(capacityJson(steps), null, 2)}\n` : capacityText(steps));
    return steps.some(({ limit }) => limit?.what !== 'failed') ? exitCodes.done : exitCodes.internal;
  } finally {
    interrupt.dispose();
    lock.release();
  }
}

/** All steps on this machine. Empty if the first one did not end. */
async function stepsHere(interrupted: AbortSignal): Promise<readonly CapacityStep[]> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(longestMs)]);
  try {
    const site = await openLocalSite({ network: 'loopback' }, choosePinning());
    try {
      return await climb({
        play: (updatesPerSecond) => playOn(site, updatesPerSecond, signal),
        onStep: (step) => process.stderr.write(`${stepText(step)}\n`),
        nowMs: () => performance.now(),
        signal,
      });
    } finally {
      await site.close();
    }
  } catch (error) {
    // Processes ended by the signal may still report errors.
    if (interrupted.aborted) return [];
    throw error;
  }
}

/** One step as a trial at this site, with fresh processes. */
export async function playOn(site: Site, updatesPerSecond: number, signal: AbortSignal): Promise<TrialRecord> {
  const trial = capacityTrial(updatesPerSecond);
  const { close, ...surroundings } = await site.prepare(trial);
  try {
    return await runTrial(trial, { ...surroundings, onStage: () => {}, signal });
  } finally {
    await close();
  }
}

export type Climb = {
  readonly play: (updatesPerSecond: number) => Promise<TrialRecord>;
  readonly onStep: (step: CapacityStep) => void;
  readonly nowMs: () => number;
  /** Aborting it drops the step that is going on and ends the climb. */
  readonly signal: AbortSignal;
};

/** Plays one step after the other until `nextRate` has no more. Returns those that ended. */
export async function climb({ play, onStep, nowMs, signal }: Climb): Promise<readonly CapacityStep[]> {
  const startMs = nowMs();
  const steps: CapacityStep[] = [];
  for (;;) {
    const rate = nextRate(steps, nowMs() - startMs);
    if (rate === undefined) return steps;
    const record = await play(rate);
    if (signal.aborted) return steps;
    const step = stepOf(rate, record);
    steps.push(step);
    onStep(step);
  }
}

function capacityJson(steps: readonly CapacityStep[]) {
  const limited = lowestLimited(steps);
  return {
    carriedDeliveriesPerSecond: highestCarried(steps)?.carriedPerSecond ?? null,
    firstLimit: limited?.limit ?? null,
    firstLimitAtUpdatesPerSecond: limited?.updatesPerSecond ?? null,
    steps,
  };
}
