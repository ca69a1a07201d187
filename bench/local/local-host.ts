import { readCoreIdle } from '../../machine/host/core-time.ts';
import { kernelSlabBytes, kernelSocketBytes } from '../../machine/host/kernel-memory.ts';
import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import type { Host } from '../fleet/host.ts';
import { readEnvironment } from './environment.ts';
import type { Instruments } from './instruments.ts';
import type { Pinning } from './pinning.ts';

type Equipment = {
  readonly instruments?: Instruments;
  /** Absent: loopback. */
  readonly network?: IsolatedNetwork;
};

/** This machine as a host. Everything is read on demand. */
export function localHost({ pinned }: Pinning, { instruments, network }: Equipment = {}): Host {
  return {
    date: () => new Date(),
    environment: () => readEnvironment(pinned),
    noise: instruments?.noise,
    clockUncertaintyUs: instruments?.clockUncertaintyUs,
    coreIdle: (core) => (network?.attributed ? readCoreIdle(core) : undefined),
    packets: () => network?.readPackets(),
    kernelSocketBytes,
    kernelSlabBytes,
  };
}
