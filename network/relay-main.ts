import { clockSince, type Epoch } from '../protocol/clock.ts';
import { answerParent } from '../protocol/control.ts';
import { type ProcessSample, sampleProcess } from '../protocol/process-sample.ts';
import { type Relay, type RelayOptions, type RelayTotals, startRelay } from './relay.ts';

export type RelayConfig = Omit<RelayOptions, 'clock'> & { readonly epoch: Epoch };

/** The questions that a relay process answers. */
export type RelayCalls = {
  readonly start: (config: RelayConfig) => Promise<{ readonly port: number }>;
  readonly sample: () => ProcessSample;
  readonly counters: () => RelayTotals;
  readonly begin: () => void;
  readonly lateness: () => string;
};

function relayCalls(): RelayCalls {
  let relay: Relay | undefined;
  const running = () => {
    if (!relay) throw new Error('relay: not started');
    return relay;
  };
  return {
    start: async ({ epoch, ...options }) => {
      relay = await startRelay({ ...options, clock: clockSince(epoch) });
      return { port: relay.port };
    },
    sample: sampleProcess,
    counters: () => running().totals(),
    begin: () => running().begin(),
    lateness: () => running().lateness(),
  };
}

answerParent(relayCalls());
