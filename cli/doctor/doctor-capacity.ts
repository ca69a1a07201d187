import type { Site } from '../../bench/fleet/site.ts';
import { openLocalSite } from '../../bench/local/local-site.ts';
import { lockMachine } from '../../bench/local/machine-lock.ts';
import { choosePinning } from '../../bench/local/pinning.ts';
import { runAt } from '../../bench/trial/run.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { UsageError } from '../../text/usage-error.ts';
import { type ExitCode, exitCodes } from '../screen/exit-codes.ts';
import { listenForInterrupt } from '../screen/interrupt.ts';
import { print } from '../screen/output.ts';
import { conclusionOf } from './capacity-conclusion.ts';
import { type Climbed, nextRate } from './capacity-ladder.ts';
import { type CapacityStep, stepOf } from './capacity-step.ts';
import { stepText } from './capacity-text.ts';
import { capacityTrial } from './capacity-trial.ts';

/** A step that hangs ends here at the latest, unfinished. */
const longestMs = 45_000;

/**
 * `pvw doctor --capacity`: real trials at rising rates until something is full. Each step is a line on stderr, the
 * result goes to stdout. A step that fails ends it with `internal`. Throws `UsageError` if a run is going on.
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
    const climbed = await climbHere(interrupt.signal);
    if (climbed === undefined || interrupt.signal.aborted) return exitCodes.interrupted;
    const { result, complaint, code } = conclusionOf(climbed, { json });
    process.stderr.write(complaint);
    print(result);
    return code;
  } finally {
    interrupt.dispose();
    lock.release();
  }
}

/** Climbs on this machine, within `longestMs`. Undefined: it was interrupted. */
async function climbHere(interrupted: AbortSignal): Promise<Climbed | undefined> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(longestMs)]);
  try {
    const site = await openLocalSite({ network: 'loopback' }, choosePinning());
    try {
      return await climb({
        play: (updatesPerSecond, step) => playOn(site, updatesPerSecond, { step, signal }),
        onStep: (step) => process.stderr.write(`${stepText(step)}\n`),
        nowMs: () => performance.now(),
        signal,
      });
    } finally {
      await site.close();
    }
  } catch (error) {
    // Processes ended by the signal may still report errors.
    if (interrupted.aborted) return undefined;
    throw error;
  }
}

type Playing = { readonly step: number; readonly signal: AbortSignal };

/** One step as a trial at this site, with fresh processes. `step`: how many came before. */
export async function playOn(site: Site, updatesPerSecond: number, { step, signal }: Playing): Promise<TrialRecord> {
  return await runAt(site, capacityTrial(updatesPerSecond, step), { onStage: () => {}, signal });
}

export type Climb = {
  readonly play: (updatesPerSecond: number, step: number) => Promise<TrialRecord>;
  readonly onStep: (step: CapacityStep) => void;
  readonly nowMs: () => number;
  /** Aborting it drops the step that is going on and ends the climb. */
  readonly signal: AbortSignal;
};

/** Plays one step after the other until `nextRate` has no more, or one fails. */
export async function climb({ play, onStep, nowMs, signal }: Climb): Promise<Climbed> {
  const startMs = nowMs();
  const steps: CapacityStep[] = [];
  for (;;) {
    const rate = nextRate(steps, nowMs() - startMs);
    if (rate === undefined) return { steps, failure: null, unfinished: null };
    const record = await play(rate, steps.length);
    if (signal.aborted) return cutShort(steps, rate, record);
    const step = stepOf(rate, record);
    if (!('limit' in step)) return { steps, failure: step, unfinished: null };
    steps.push(step);
    onStep(step);
  }
}

/** The end of a climb in the middle of a step. If it was the first, nothing was found out, which is an error. */
function cutShort(steps: readonly CapacityStep[], updatesPerSecond: number, record: TrialRecord): Climbed {
  if (steps.length > 0) return { steps, failure: null, unfinished: updatesPerSecond };
  const stage = record.status === 'failed' ? record.stage : 'settle';
  const reason = `no end within ${longestMs / 1000} s`;
  return { steps, failure: { updatesPerSecond, stage, reason }, unfinished: null };
}
