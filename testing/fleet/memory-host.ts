import type { Host } from '../../bench/fleet/host.ts';
import type { NoiseProbe, Watch } from '../../machine/host/noise-probe.ts';
import type { VirtualTime } from './virtual-time.ts';
import { truth, type World } from './world.ts';

/** When a noise watch began and ended, in virtual time; undefined: it is still running. */
export type WatchSeen = { readonly beganUs: number; endedUs: number | undefined };

/** The simulated machine. It adds its noise watches to `seen`. */
export function memoryHost(time: VirtualTime, world: World, seen: WatchSeen[]): Host {
  return {
    date: () => new Date(truth.beginsMs + time.nowUs / 1000),
    environment: () => {
      throw new Error('a world in memory has no environment');
    },
    noise: memoryNoise(time, seen),
    clockUncertaintyUs: truth.clockUncertaintyUs,
    coreIdle: () => ({ idleMs: (time.nowUs * (1 - truth.hostBusyShare)) / 1000, atMs: time.nowUs / 1000 }),
    packets: () => undefined,
    kernelSocketBytes: () => truth.kernelBytesPerClient * world.subscribedClients(),
    kernelSlabBytes: () => truth.slabBytes + truth.slabBytesPerClient * world.subscribedClients(),
  };
}

function memoryNoise(time: VirtualTime, seen: WatchSeen[]): NoiseProbe {
  return {
    spin: async () => [{ core: 1, durationsUs: [truth.spinUs, truth.spinUs] }],
    watch: (signal) => {
      const watch: WatchSeen = { beganUs: time.nowUs, endedUs: undefined };
      seen.push(watch);
      return beginWatch(time, watch, signal);
    },
  };
}

function beginWatch(time: VirtualTime, watch: WatchSeen, signal: AbortSignal): Watch {
  const start = reading(time);
  const stop = () => {
    watch.endedUs ??= time.nowUs;
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    end: async () => {
      stop();
      signal.removeEventListener('abort', stop);
      const { everyUs, tookUs, cpuMs } = truth.task;
      const count = Math.floor((watch.endedUs! - watch.beganUs) / everyUs);
      const tasks = [{ core: 1, tookUs: Array.from({ length: count }, () => tookUs), cpuMs: count * cpuMs }];
      return { start, end: reading(time), tasks };
    },
  };
}

function reading(time: VirtualTime) {
  return { atMs: time.nowUs / 1000, host: undefined, throttledMs: null, ownMs: 0 };
}
