import { clockSince, type Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { type Ordering, type OrderingOptions, openOrdering } from '../backplane/ordering.ts';
import { AcceptedLog } from '../stream/accepted-log.ts';
import type { ServerLedger } from './main.ts';

export type BackplaneConfig = Omit<OrderingOptions, 'onAccepted'> & { readonly epoch: Epoch };

/** The part of the ledger that belongs to whatever gives the versions; with a single node that is the server. */
export type OrderLedger = Pick<ServerLedger, 'acceptedFromSource' | 'heads' | 'repeatedPublishes'>;

/** The calls of the backplane process. */
export type BackplaneCalls = {
  readonly start: (config: BackplaneConfig) => Promise<void>;
  /** Starts the window: clears the accepted updates. */
  readonly begin: () => void;
  readonly sample: () => ProcessSample;
  readonly ledger: () => OrderLedger;
  /** The updates accepted since `begin`; `acceptedUs` is when the order was given. */
  readonly updates: () => AcceptedUpdates;
};

function backplaneCalls(): BackplaneCalls {
  const log = new AcceptedLog();
  let ordering: Ordering | undefined;
  let acceptedFromSource = 0;
  const running = () => {
    if (!ordering) throw new Error('backplane: not started');
    return ordering;
  };
  return {
    start: async ({ epoch, ...options }) => {
      const clock = clockSince(epoch);
      ordering = await openOrdering({
        ...options,
        onAccepted: (accepted) => {
          log.add(accepted, clock.nowUs());
          if (accepted.publisher < 0) acceptedFromSource++;
        },
      });
    },
    begin: () => log.clear(),
    sample: sampleProcess,
    ledger: () => ({
      acceptedFromSource,
      heads: running().heads(),
      repeatedPublishes: running().repeatedPublishes(),
    }),
    updates: () => log.updates(),
  };
}

answerParent(backplaneCalls());
