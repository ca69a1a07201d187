import { allowedCores } from '../../machine/host/allowed-cores.ts';
import { keepCoresAwake } from '../../machine/host/wakeful-cores.ts';
import { startScheduler } from '../../machine/process/scheduler.ts';
import { openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import { placeOf } from '../fleet/place.ts';
import type { Site, TrialSite } from '../fleet/site.ts';
import { readMachineLimits } from '../plan/capacity.ts';
import type { Plan, PlannedTrial } from '../plan/plan.ts';
import { type BenchmarkOptions, runBenchmark } from '../trial/run.ts';
import { type Bundle, bundlePrograms } from './bundle.ts';
import { type Instruments, startInstruments } from './instruments.ts';
import { createLocalFleet } from './local-fleet.ts';
import { localHost } from './local-host.ts';
import { choosePinning, type Pinning, pinSelf } from './pinning.ts';
import { placementIn } from './placement.ts';

/** Runs all trials of a plan on this machine, as `runBenchmark` does. */
export async function runLocally(
  options: BenchmarkOptions,
  pinning: Pinning = choosePinning(),
): Promise<'completed' | 'interrupted'> {
  const site = await openLocalSite(options.plan, pinning);
  try {
    return await runBenchmark(options, site);
  } finally {
    await site.close();
  }
}

/**
 * Prepares this machine for the trials of a plan: bundles the programs, moves this process off the server's core,
 * starts the instruments, keeps cores awake. `close` undoes all of it.
 */
async function openLocalSite(
  { network }: Pick<Plan, 'network'>,
  pinning: Pinning,
): Promise<Site & { readonly close: () => Promise<void> }> {
  const { openFiles } = readMachineLimits();
  const bundle = await bundlePrograms();
  // The cores are read before this process leaves the server's core. The instruments start afterwards, because the move
  // takes all existing threads along.
  const cores = allowedCores();
  const letGo = pinSelf(pinning);
  const instruments = await startInstruments(cores);
  const awake = keepCoresAwake();
  const equipment = { bundle, pinning, openFiles, instruments };
  return {
    prepare: (trial) => prepareLocally(trial, network === 'isolated', equipment),
    close: async () => {
      awake?.close();
      await instruments.close();
      letGo();
      await bundle.remove();
    },
  };
}

type Equipment = {
  readonly bundle: Bundle;
  readonly pinning: Pinning;
  readonly openFiles: number;
  readonly instruments: Instruments;
};

/**
 * Each isolated trial gets a network of its own. Dying connections of the trial before, and metrics that its kernel
 * kept of them, are gone with its network.
 */
async function prepareLocally(trial: PlannedTrial, isolated: boolean, equipment: Equipment): Promise<TrialSite> {
  const { bundle, pinning, openFiles, instruments } = equipment;
  const { link, route } = trial;
  const options = { link, cores: pinning.cores, manyClientAddresses: route.proxy !== null };
  const network = isolated ? await openIsolatedNetwork(options) : undefined;
  return {
    fleet: createLocalFleet(bundle.programs, pinning, network && placementIn(network)),
    host: localHost(pinning, { instruments, ...(network && { network }) }),
    place: placeOf(trial, network),
    directory: bundle.directory,
    openFiles,
    startScheduler,
    close: async () => {
      await network?.close();
    },
  };
}
