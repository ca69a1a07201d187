import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Clock, clockSince } from '../../../machine/process/clock.ts';
import { answerParent } from '../../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../../machine/process/process-sample.ts';
import { openCrowd } from './crowd-receiver.ts';
import { openFollowing } from './following-receiver.ts';
import { openUndici, openWs } from './library-receivers.ts';
import { openNet } from './net-receiver.ts';
import type { Count, OpenReceiver, Receiver, ReceiverConfig, ReceiverKind } from './receiver.ts';
import { LatencySamples } from './sampled-latency.ts';

/** What a receiver has received so far. */
export type Received = Readonly<Count> & { readonly sample: ProcessSample };

export type ReceiverCalls = {
  /** Opens all clients. */
  readonly start: (config: ReceiverConfig) => Promise<void>;
  /** Polls at this rate, each client in turn; 0 stops. */
  readonly poll: (perSecond: number) => void;
  /** As `received`; forgets the latencies so far. */
  readonly begin: () => Received;
  readonly received: () => Received;
  /** Median latency since `begin`; null: none was seen. */
  readonly p50Us: () => number | null;
  /** Resident memory once all garbage is collected. */
  readonly memoryBytes: () => number;
};

const openers: Readonly<Record<ReceiverKind, OpenReceiver>> = {
  net: openNet,
  ws: openWs,
  undici: openUndici,
  lean: openCrowd,
  library: openCrowd,
  following: openFollowing,
};

/** A receiver that has been started, and the clock by which it polls. */
type Started = {
  readonly receiver: Receiver;
  readonly samples: LatencySamples;
  readonly clock: Clock;
  readonly clients: number;
};

function receiverCalls(): ReceiverCalls {
  const count: Count = { deliveries: 0, bytes: 0 };
  let started: Started | undefined;
  let stopPolling = () => {};
  const received = () => ({ ...count, sample: sampleProcess() });
  const running = () => {
    if (!started) throw new Error('receiver: not started');
    return started;
  };
  return {
    start: async (config) => {
      const clock = clockSince(config.epoch);
      const samples = new LatencySamples(clock);
      const receiver = openers[config.kind](config, count, samples);
      started = { receiver, samples, clock, clients: config.scenario.clients };
      await receiver.ready;
    },
    poll: (perSecond) => {
      stopPolling();
      stopPolling = perSecond === 0 ? () => {} : pollInTurn(running(), perSecond);
    },
    begin: () => {
      const { receiver, samples } = running();
      receiver.latency?.clear();
      samples.clear();
      return received();
    },
    received,
    p50Us: () => {
      const { receiver, samples } = running();
      return receiver.latency ? receiver.latency.p50Us() : samples.p50Us();
    },
    memoryBytes: () => {
      collectGarbage();
      return process.memoryUsage().rss;
    },
  };
}

/** Returns a function that stops it. */
function pollInTurn({ receiver, samples, clock, clients }: Started, perSecond: number): () => void {
  const startUs = clock.nowUs();
  let polled = 0;
  const timer = setInterval(() => {
    for (let dueUs = startUs; ; polled++) {
      dueUs = startUs + (polled * 1e6) / perSecond;
      if (dueUs > clock.nowUs()) return;
      const client = polled % clients;
      samples.asked(client, dueUs);
      receiver.poll(client);
    }
  }, 1);
  return () => clearInterval(timer);
}

/** More than there is room for in the space of new objects, which takes memory only once it was used. */
const newObjects = 1_000_000;

function collectGarbage(): void {
  let last: unknown;
  for (let i = 0; i < newObjects; i++) last = [i, last === undefined];
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What the first one frees may keep other things alive until the second.
  collect();
  collect();
}

answerParent(receiverCalls());
