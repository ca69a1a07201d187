import { availableParallelism } from 'node:os';
import { clockUncertaintyUs } from '../../machine/host/clock-check.ts';
import { createNoiseProbe, type NoiseProbe } from '../../machine/host/noise-probe.ts';
import { type PinnedThread, startPinnedThread } from '../../machine/host/pinned-thread.ts';

/** What watches the machine while trials run. */
export type Instruments = {
  readonly noise: NoiseProbe;
  /** See `Host`; measured once. */
  readonly clockUncertaintyUs: number | null;
  readonly close: () => Promise<void>;
};

/** More cores would tell nothing new about two or three busy processes, and each costs a thread. */
const mostThreads = 8;

/**
 * Starts a sleeping thread on each allowed core, up to `mostThreads`, and measures the clocks. Never rejects: without
 * threads only /proc is read, and the records say what is missing. `listed`: the allowed cores; empty if unknown.
 */
export async function startInstruments(listed: readonly number[]): Promise<Instruments> {
  const cores = listed.length > 0 ? listed : Array.from({ length: availableParallelism() }, (_, core) => core);
  const threads = await startThreads(cores);
  const uncertainty = threads.length > 0 ? await clockUncertaintyUs(threads).catch(() => null) : null;
  return {
    noise: createNoiseProbe(cores, threads),
    clockUncertaintyUs: uncertainty,
    close: async () => {
      await Promise.all(threads.map(({ close }) => close()));
    },
  };
}

/** The last cores: the server runs on the very last. */
async function startThreads(cores: readonly number[]): Promise<readonly PinnedThread[]> {
  const started = await Promise.allSettled(cores.slice(-mostThreads).map(startPinnedThread));
  return started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
