import type { TrialRecord } from '../results/schema.ts';
import { bundlePrograms } from './bundle.ts';
import { readMachineLimits } from './capacity.ts';
import { startInstruments } from './instruments.ts';
import { createLocalFleet } from './local-fleet.ts';
import { allowedCores, choosePinning, pinSelf } from './pinning.ts';
import { type Plan, type PlannedTrial, planTrials } from './plan.ts';
import type { Progress } from './progress.ts';
import { runTrial } from './trial.ts';

/** Where records go as they come; every trial is safe before the next one starts. */
export type TrialSink = { readonly append: (trial: TrialRecord) => void | Promise<void> };

export type BenchmarkOptions = {
  readonly plan: Plan;
  readonly store: TrialSink;
  /** Awaited: what it does between two trials disturbs neither. */
  readonly onProgress: (progress: Progress) => void | Promise<void>;
  /** Ends everything at once; the trial that was running is not recorded. */
  readonly signal: AbortSignal;
};

/** Runs all trials of a plan, one after the other, each with fresh processes. */
export async function runBenchmark(options: BenchmarkOptions): Promise<'completed' | 'interrupted'> {
  const { plan, store, onProgress, signal } = options;
  const trials = planTrials(plan);
  const pinning = choosePinning();
  const { openFiles } = readMachineLimits();
  const bundle = await bundlePrograms();
  // Read before this process leaves the server's core; started after, or their threads would be moved along.
  const cores = allowedCores();
  pinSelf(pinning);
  const instruments = await startInstruments(cores);
  try {
    for (const [index, trial] of trials.entries()) {
      if (signal.aborted) return 'interrupted';
      await onProgress({ kind: 'trial-started', trial, index, total: trials.length });
      if (signal.aborted) return 'interrupted';
      const fleet = createLocalFleet(bundle.programs, pinning);
      const interrupt = () => void fleet.stop();
      signal.addEventListener('abort', interrupt, { once: true });
      const record = await runTrial(trial, {
        fleet,
        directory: bundle.directory,
        openFiles,
        instruments,
        onStage: (stage) => void onProgress({ kind: 'stage', stage, detail: '' }),
      });
      signal.removeEventListener('abort', interrupt);
      if (signal.aborted) return 'interrupted';
      await store.append(record);
      await onProgress({ kind: 'trial-ended', record, index, total: trials.length });
      if (endsBlock(trials, index)) await onProgress({ kind: 'block-ended', block: trial.block });
    }
    return 'completed';
  } finally {
    await instruments.close();
    await bundle.remove();
  }
}

function endsBlock(trials: readonly PlannedTrial[], index: number): boolean {
  return trials[index + 1]?.block !== trials[index]!.block;
}
