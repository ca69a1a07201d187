import type { TrialRecord } from '../../results/schema/schema.ts';
import type { Site, TrialSite } from '../fleet/site.ts';
import { type Plan, type PlannedTrial, planTrials } from '../plan/plan.ts';
import type { Progress, Stage } from './progress.ts';
import { failedNetwork, runTrial, type TrialOptions } from './trial.ts';

/** Takes the records as they come. Each is stored before the next trial starts. */
export type TrialSink = { readonly append: (trial: TrialRecord) => void | Promise<void> };

export type BenchmarkOptions = {
  readonly plan: Plan;
  readonly store: TrialSink;
  /**
   * Awaited between trials, so that its work disturbs none; not awaited for stages, which are reported within a trial.
   */
  readonly onProgress: (progress: Progress) => void | Promise<void>;
  /** Aborting it ends everything at once; the running trial is not recorded. */
  readonly signal: AbortSignal;
};

/** Runs all trials of a plan at this site, one after the other, each with fresh processes. */
export async function runBenchmark(options: BenchmarkOptions, site: Site): Promise<'completed' | 'interrupted'> {
  const { plan, store, onProgress, signal } = options;
  const trials = planTrials(plan);
  for (const [index, trial] of trials.entries()) {
    if (signal.aborted) return 'interrupted';
    await onProgress({ kind: 'trial-started', trial, index, total: trials.length });
    if (signal.aborted) return 'interrupted';
    const onStage = (stage: Stage) => void onProgress({ kind: 'stage', stage, detail: '' });
    const record = await runAt(site, trial, { onStage, signal });
    if (signal.aborted) return 'interrupted';
    await store.append(record);
    await onProgress({ kind: 'trial-ended', record, index, total: trials.length });
    if (endsBlock(trials, index)) await onProgress({ kind: 'block-ended', block: trial.block });
  }
  return 'completed';
}

/** Runs one trial at this site. Errors become a failed record, those of preparing it too. */
export async function runAt(
  site: Site,
  trial: PlannedTrial,
  watch: Pick<TrialOptions, 'onStage' | 'signal'>,
): Promise<TrialRecord> {
  let prepared: TrialSite;
  try {
    prepared = await site.prepare(trial);
  } catch (error) {
    return failedNetwork(trial, error);
  }
  const { close, ...surroundings } = prepared;
  try {
    return await runTrial(trial, { ...surroundings, ...watch });
  } finally {
    await close();
  }
}

function endsBlock(trials: readonly PlannedTrial[], index: number): boolean {
  return trials[index + 1]?.block !== trials[index]!.block;
}
