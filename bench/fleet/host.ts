import type { CoreIdle } from '../../machine/host/core-time.ts';
import type { NoiseProbe } from '../../machine/host/noise-probe.ts';
import type { PacketCounters } from '../../network/isolated/interface-counters.ts';
import type { EnvironmentRecord } from '../../results/schema/schema.ts';

/** What a machine says of itself. A trial asks nothing else about the machine that it runs on. */
export type Host = {
  /** For the record of a run. */
  readonly environment: () => EnvironmentRecord;
  /** Undefined: the records say nothing about noise. */
  readonly noise: NoiseProbe | undefined;
  /**
   * By how many microseconds instants that were read on two of its cores may disagree; null: that could not be measured,
   * undefined: it was not.
   */
  readonly clockUncertaintyUs: number | null | undefined;
  /** Undefined where a core's time also contains the network work of the other side. */
  readonly coreIdle: (core: number) => CoreIdle | undefined;
  /** All packets between clients and server since the network is up; undefined where none are counted. */
  readonly packets: () => PacketCounters | undefined;
  /** What TCP sockets hold in their queues; null where the system does not say. */
  readonly kernelSocketBytes: () => number | null;
};
