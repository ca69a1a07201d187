import { allowedCores } from '../../machine/host/allowed-cores.ts';
import { type CpuQuota, openCpuQuota } from '../../machine/host/cpu-quota.ts';
import { keepCoresAwake } from '../../machine/host/wakeful-cores.ts';
import { startScheduler } from '../../machine/process/scheduler.ts';
import { openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import { crewSizeOf } from '../fleet/crew-size.ts';
import { pathOf, placeOf } from '../fleet/place.ts';
import type { Site, TrialSite } from '../fleet/site.ts';
import { readMachineLimits } from '../plan/capacity.ts';
import type { Plan, PlannedTrial } from '../plan/plan.ts';
import { type BenchmarkOptions, runBenchmark } from '../trial/run.ts';
import { type Bundle, bundlePrograms } from './bundle.ts';
import { type Instruments, startInstruments } from './instruments.ts';
import { createLocalFleet, here } from './local-fleet.ts';
import { localHost } from './local-host.ts';
import { choosePinning, type Pinning, pinnedTo, pinSelf } from './pinning.ts';
import { placementIn, placementUnder } from './placement.ts';

/** Runs all trials of a plan on this machine, as `runBenchmark` does. `pinning`: whether processes are pinned. */
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
 * Prepares this machine for the trials of a plan: bundles the programs, moves this process off the servers' cores,
 * starts the instruments, keeps cores awake, makes the group of a quota. `close` undoes all of it.
 */
export async function openLocalSite(
  { network, capacity }: Pick<Plan, 'network' | 'capacity'>,
  pinning: Pinning,
): Promise<Site & { readonly close: () => Promise<void> }> {
  const { openFiles } = readMachineLimits();
  const bundle = await bundlePrograms();
  // The cores are read before this process leaves all but one of them. The instruments start afterwards, because the
  // move takes all existing threads along.
  const cores = allowedCores();
  const letGo = pinSelf(pinning);
  const instruments = await startInstruments(cores);
  const awake = keepCoresAwake();
  const quota = capacity?.serverCpus === undefined ? undefined : openCpuQuota(capacity.serverCpus);
  const equipment = { bundle, cores: pinning.pinned ? cores : [], openFiles, instruments, quota };
  return {
    prepare: (trial) => prepareLocally(trial, network === 'isolated', equipment),
    close: async () => {
      quota?.close();
      awake?.close();
      await instruments.close();
      letGo();
      await bundle.remove();
    },
  };
}

type Equipment = {
  readonly bundle: Bundle;
  /** The cores that processes are pinned to; empty: none is pinned. */
  readonly cores: readonly number[];
  readonly openFiles: number;
  readonly instruments: Instruments;
  /** Of servers and proxy. */
  readonly quota: CpuQuota | undefined;
};

/**
 * Each isolated trial gets a network of its own. Dying connections of the trial before, and metrics that its kernel
 * kept of them, are gone with its network.
 */
async function prepareLocally(trial: PlannedTrial, isolated: boolean, equipment: Equipment): Promise<TrialSite> {
  const { bundle, cores, openFiles, instruments, quota } = equipment;
  const { link, route } = trial;
  // Which relays a trial has is known once its network is there. The cores of its two sides do not depend on that.
  const before = pinnedTo(cores, crewSizeOf(trial, 'none', openFiles));
  const options = { link, cores: before.cores, manyClientAddresses: route.proxy !== null };
  const network = isolated ? await openIsolatedNetwork(options) : undefined;
  const pinning = pinnedTo(cores, crewSizeOf(trial, pathOf(trial, network).delay, openFiles));
  const placement = network ? placementIn(network) : here;
  return {
    fleet: createLocalFleet(bundle.programs, pinning, quota ? placementUnder(quota, placement) : placement),
    host: localHost(pinning, { instruments, ...(network && { network }) }),
    place: placeOf(trial, network, pinning.loadCores),
    directory: bundle.directory,
    openFiles,
    startScheduler,
    close: async () => {
      await network?.close();
    },
  };
}
