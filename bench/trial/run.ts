import type { TrialRecord } from '../../results/schema/schema.ts';
import type { Site, TrialSite } from '../fleet/site.ts';
import { type Plan, type PlannedTrial, planTrials, trialsOfCrew } from '../plan/plan.ts';
import { remainingCrews } from '../plan/remaining.ts';
import type { Progress, Stage } from './progress.ts';
import { failedNetwork, runCrew, type TrialOptions } from './trial.ts';

/** Takes the records as they come. Each is stored before the next trial begins. */
export type TrialSink = { readonly append: (trial: TrialRecord) => void | Promise<void> };

export type BenchmarkOptions = {
  readonly plan: Plan;
  /** Records of the plan's trials that are not run again; absent: none. */
  readonly done?: readonly TrialRecord[];
  readonly store: TrialSink;
  /**
   * Awaited between trials, so that its work disturbs none; not awaited for stages, which are reported within a trial.
   */
  readonly onProgress: (progress: Progress) => void | Promise<void>;
  /** Aborting it ends everything at once; the running trial is not recorded. */
  readonly signal: AbortSignal;
};

/**
 * Runs the trials of a plan at this site, one after the other, each with fresh processes or with those of the trial
 * that it goes on with.
 */
export async function runBenchmark(options: BenchmarkOptions, site: Site): Promise<'completed' | 'interrupted'> {
  const { plan, done = [], onProgress } = options;
  const crews = remainingCrews(planTrials(plan), done);
  const total = crews.flatMap(trialsOfCrew).length;
  let index = 0;
  for (const [place, first] of crews.entries()) {
    if (!(await playCrew(first, { ...options, site, index, total }))) return 'interrupted';
    const trials = trialsOfCrew(first);
    index += trials.length;
    if (endsBlock(crews, place)) await onProgress({ kind: 'block-ended', block: trials.at(-1)!.block });
  }
  return 'completed';
}

/** `index`: of the crew's first trial among the `total` of the run. */
type Playing = Omit<BenchmarkOptions, 'plan' | 'done'> & {
  readonly site: Site;
  readonly index: number;
  readonly total: number;
};

/** Plays the trials of one crew and stores each before the next one begins. Resolves with false if it was interrupted. */
async function playCrew(first: PlannedTrial, playing: Playing): Promise<boolean> {
  const { site, index, total, store, onProgress, signal } = playing;
  const onStage = (stage: Stage) => void onProgress({ kind: 'stage', stage, detail: '' });
  const trials = trialsOfCrew(first);
  const announce = async (place: number): Promise<void> => {
    const trial = trials[place];
    if (trial && !signal.aborted) await onProgress({ kind: 'trial-started', trial, index: index + place, total });
  };
  let place = 0;
  await announce(place);
  if (signal.aborted) return false;
  for await (const record of runCrewAt(site, first, { onStage, signal })) {
    if (signal.aborted) return false;
    await store.append(record);
    await onProgress({ kind: 'trial-ended', record, index: index + place, total });
    place++;
    await announce(place);
  }
  return true;
}

/** Runs one trial at this site, with which none goes on. Errors become a failed record, those of preparing it too. */
export async function runAt(
  site: Site,
  trial: PlannedTrial,
  watch: Pick<TrialOptions, 'onStage' | 'signal'>,
): Promise<TrialRecord> {
  const records: TrialRecord[] = [];
  for await (const record of runCrewAt(site, trial, watch)) records.push(record);
  return records[0]!;
}

/** Runs the trials of one crew at this site, as `runCrew` does. */
export async function* runCrewAt(
  site: Site,
  first: PlannedTrial,
  watch: Pick<TrialOptions, 'onStage' | 'signal' | 'goOn'>,
): AsyncGenerator<TrialRecord, void> {
  let prepared: TrialSite;
  try {
    prepared = await site.prepare(first);
  } catch (error) {
    yield* failedNetwork(first, error);
    return;
  }
  const { close, ...surroundings } = prepared;
  try {
    yield* runCrew(first, { ...surroundings, ...watch });
  } finally {
    await close();
  }
}

/** Whether no other crew plays the blocks of this one. */
function endsBlock(crews: readonly PlannedTrial[], place: number): boolean {
  return crews[place + 1]?.block !== crews[place]!.block;
}
