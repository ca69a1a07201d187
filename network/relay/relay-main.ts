import type { Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import { schedulerSince } from '../../machine/process/scheduler.ts';
import { createSelfTick, type Gap, type SelfTick } from '../../machine/process/self-tick.ts';
import {
  type DatagramRelay,
  type DatagramRelayOptions,
  type DatagramTotals,
  startDatagramRelay,
} from './datagram-relay.ts';
import { type Relay, type RelayOptions, type RelayTotals, startRelay } from './relay.ts';

export type RelayConfig = Omit<RelayOptions, 'clock'> & { readonly epoch: Epoch };
export type DatagramRelayConfig = Omit<DatagramRelayOptions, 'clock'> & { readonly epoch: Epoch };

/** The calls of a relay process, which relays either TCP connections or the datagrams of a tunnel. */
export type RelayCalls = {
  readonly start: (config: RelayConfig) => Promise<{ readonly port: number }>;
  readonly startDatagrams: (config: DatagramRelayConfig) => Promise<{ readonly bufferBytes: number }>;
  readonly sample: () => ProcessSample;
  readonly counters: () => RelayTotals;
  readonly datagrams: () => DatagramTotals;
  readonly begin: () => void;
  readonly lateness: () => string;
  /** When this process did not run, since `begin`. Call it once, after everything else has arrived. */
  readonly gaps: () => readonly Gap[];
};

function relayCalls(): RelayCalls {
  let relay: Relay | undefined;
  let datagrams: DatagramRelay | undefined;
  let selfTick: SelfTick | undefined;
  const started = <T>(one: T | undefined): T => {
    if (!one) throw new Error('relay: not started');
    return one;
  };
  return {
    start: async ({ epoch, ...options }) => {
      selfTick = createSelfTick(schedulerSince(epoch));
      relay = await startRelay({ ...options, clock: selfTick.clock });
      return { port: relay.port };
    },
    startDatagrams: async ({ epoch, ...options }) => {
      selfTick = createSelfTick(schedulerSince(epoch));
      datagrams = await startDatagramRelay({ ...options, clock: selfTick.clock });
      return { bufferBytes: datagrams.bufferBytes };
    },
    sample: sampleProcess,
    counters: () => started(relay).totals(),
    datagrams: () => started(datagrams).totals(),
    begin: () => {
      started(relay ?? datagrams).begin();
      selfTick?.begin();
    },
    lateness: () => started(relay ?? datagrams).lateness(),
    gaps: () => selfTick?.end() ?? [],
  };
}

answerParent(relayCalls());
