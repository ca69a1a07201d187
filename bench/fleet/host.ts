import type { CoreIdle } from '../../machine/host/core-time.ts';
import type { NoiseProbe } from '../../machine/host/noise-probe.ts';
import type { PacketCounters } from '../../network/isolated/interface-counters.ts';
import type { EnvironmentRecord } from '../../results/schema/schema.ts';

/** Readings of the machine that a trial runs on. A trial learns about its machine only from here. */
export type Host = {
  /** Wall-clock time, as captures have it. */
  readonly date: () => Date;
  /** For the record of a run. */
  readonly environment: () => EnvironmentRecord;
  /** Undefined: the records say nothing about noise. */
  readonly noise: NoiseProbe | undefined;
  /**
   * By how many microseconds instants read on two of its cores may disagree; null: could not be measured, undefined:
   * was not measured.
   */
  readonly clockUncertaintyUs: number | null | undefined;
  /** Idle time of a core; undefined where the core also does the network work of the other side. */
  readonly coreIdle: (core: number) => CoreIdle | undefined;
  /** All packets between clients and server since the network came up; undefined where none are counted. */
  readonly packets: () => PacketCounters | undefined;
  /** Bytes in the queues of TCP sockets; null where the system does not report them. */
  readonly kernelSocketBytes: () => number | null;
  /** Memory of the kernel's own objects, of which each socket has some; null where the system does not report it. */
  readonly kernelSlabBytes: () => number | null;
};
