import { type IsolatedNetwork, openIsolatedNetwork } from '../network/isolated.ts';
import type { TrialRecord } from '../results/schema.ts';
import { type Bundle, bundlePrograms } from './bundle.ts';
import { readMachineLimits } from './capacity.ts';
import { type Instruments, startInstruments } from './instruments.ts';
import { createLocalFleet, type Placement } from './local-fleet.ts';
import { allowedCores, choosePinning, type Pinning, pinSelf } from './pinning.ts';
import { type Plan, type PlannedTrial, planTrials } from './plan.ts';
import type { Progress, Stage } from './progress.ts';
import { failedNetwork, runTrial } from './trial.ts';
import { keepCoresAwake } from './wakeful-cores.ts';

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
  const letGo = pinSelf(pinning);
  const instruments = await startInstruments(cores);
  const awake = keepCoresAwake();
  try {
    for (const [index, trial] of trials.entries()) {
      if (signal.aborted) return 'interrupted';
      await onProgress({ kind: 'trial-started', trial, index, total: trials.length });
      if (signal.aborted) return 'interrupted';
      const onStage = (stage: Stage) => void onProgress({ kind: 'stage', stage, detail: '' });
      const record = await runOne(trial, plan, { bundle, pinning, openFiles, instruments, onStage, signal });
      if (signal.aborted) return 'interrupted';
      await store.append(record);
      await onProgress({ kind: 'trial-ended', record, index, total: trials.length });
      if (endsBlock(trials, index)) await onProgress({ kind: 'block-ended', block: trial.block });
    }
    return 'completed';
  } finally {
    awake?.close();
    await instruments.close();
    letGo();
    await bundle.remove();
  }
}

type Surroundings = {
  readonly bundle: Bundle;
  readonly pinning: Pinning;
  readonly openFiles: number;
  readonly instruments: Instruments;
  readonly onStage: (stage: Stage) => void;
  readonly signal: AbortSignal;
};

/**
 * One trial in a network of its own: connections that the trial before left dying, and what its kernel learnt from
 * them, are gone with it.
 */
async function runOne(trial: PlannedTrial, plan: Plan, given: Surroundings): Promise<TrialRecord> {
  const { bundle, pinning, openFiles, instruments, onStage, signal } = given;
  let network: IsolatedNetwork | undefined;
  try {
    if (plan.network === 'isolated') {
      const manyClientAddresses = trial.route.proxy !== null;
      network = await openIsolatedNetwork({ link: trial.link, cores: pinning.cores, manyClientAddresses });
    }
  } catch (error) {
    return failedNetwork(trial, error);
  }
  const fleet = createLocalFleet(bundle.programs, pinning, network && placementIn(network));
  const interrupt = () => void fleet.stop();
  signal.addEventListener('abort', interrupt, { once: true });
  // It may have come while the network was made, and then says nothing any more.
  if (signal.aborted) interrupt();
  try {
    const around = { fleet, directory: bundle.directory, openFiles, instruments, onStage };
    return await runTrial(trial, network ? { ...around, network } : around);
  } finally {
    signal.removeEventListener('abort', interrupt);
    await network?.close();
  }
}

/** Source and backplane stay outside: they and the servers talk over local sockets, which know no networks. */
export function placementIn({ enter }: IsolatedNetwork): Placement {
  return (role) => {
    switch (role) {
      case 'server':
      case 'relay':
        return enter[role];
      case 'proxy':
        return enter.server;
      case 'load':
        return enter.client;
      case 'source':
      case 'backplane':
        return [];
    }
  };
}

function endsBlock(trials: readonly PlannedTrial[], index: number): boolean {
  return trials[index + 1]?.block !== trials[index]!.block;
}
