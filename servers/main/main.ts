import { clockSince, type Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import type { SocketTotals } from '../../network/sockets/socket-bytes.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import { AcceptedLog } from '../stream/accepted-log.ts';
import type { Tally } from '../stream/node-context.ts';
import { type NodeOptions, type StateNode, startNode } from './node.ts';

export type ServerConfig = Omit<NodeOptions, 'clock' | 'onAccepted'> & { readonly epoch: Epoch };

/** Counts since the process started. */
export type ServerLedger = {
  /** Updates from the source that were given a version. */
  readonly acceptedFromSource: number;
  /** Newest version per channel. */
  readonly heads: Uint32Array;
  /** Updates conflated, per client. */
  readonly conflated: ReadonlyMap<number, number>;
  readonly repeatedPublishes: number;
};

export type ServerCounters = { readonly sockets: SocketTotals; readonly tally: Readonly<Tally> };

/** The calls of a server process. */
export type ServerCalls = {
  readonly start: (config: ServerConfig) => Promise<{ readonly port: number }>;
  /** Pauses or resumes heartbeats and ends of holds. */
  readonly quiet: (on: boolean) => void;
  /**
   * Starts the window: clears the accepted updates and the exchange log, and moves heartbeats to where they would be in
   * a stream with this mean gap between the updates of a channel.
   */
  readonly begin: (stream: { readonly updateGapMs: number }) => void;
  readonly sample: () => ProcessSample;
  readonly counters: () => ServerCounters;
  readonly ledger: () => ServerLedger;
  /** The updates accepted since `begin`. */
  readonly updates: () => AcceptedUpdates;
  /** The exchange of the watched client since `begin`. */
  readonly exchange: () => readonly ExchangeEvent[];
  /** When each client last asked this node, in the clock's microseconds; empty for a single node. */
  readonly visits: () => ReadonlyMap<number, number>;
};

function serverCalls(): ServerCalls {
  const log = new AcceptedLog();
  let node: StateNode | undefined;
  let acceptedFromSource = 0;
  const running = () => {
    if (!node) throw new Error('server: not started');
    return node;
  };
  return {
    start: async ({ epoch, ...options }) => {
      const clock = clockSince(epoch);
      node = await startNode({
        ...options,
        clock,
        onAccepted: (accepted) => {
          log.add(accepted, clock.nowUs());
          if (accepted.publisher < 0) acceptedFromSource++;
        },
      });
      return { port: node.port };
    },
    quiet: (on) => {
      const { heartbeats } = running().context;
      if (on) heartbeats.pause();
      else heartbeats.resume();
    },
    begin: ({ updateGapMs }) => {
      log.clear();
      const { exchange, heartbeats, clock } = running().context;
      exchange.begin();
      heartbeats.settle(updateGapMs, clock.nowUs());
    },
    sample: sampleProcess,
    counters: () => ({ sockets: running().socketTotals(), tally: { ...running().context.tally } }),
    ledger: () => {
      const { stream, conflation, publications } = running().context;
      return {
        acceptedFromSource,
        heads: Uint32Array.from({ length: stream.channels }, (_, channel) => stream.head(channel)),
        conflated: conflation.totals(),
        repeatedPublishes: publications.repeats,
      };
    },
    updates: () => log.updates(),
    exchange: () => running().context.exchange.events(),
    visits: () => running().context.visits,
  };
}

answerParent(serverCalls());
