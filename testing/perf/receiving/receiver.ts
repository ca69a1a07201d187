import type { Epoch } from '../../../machine/process/clock.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { LatencySamples } from './sampled-latency.ts';

/**
 * What receives. `net` reads bytes and no more, `ws` and `undici` are the bare libraries, `lean` and `library` are our
 * clients. `following` is for servers that are measured: bare sockets that ask each time for what is new to them.
 */
export type ReceiverKind = 'net' | 'ws' | 'undici' | 'lean' | 'library' | 'following';

export type ReceiverConfig = {
  readonly kind: ReceiverKind;
  readonly epoch: Epoch;
  /** Assigned to clients in turn. */
  readonly ports: readonly number[];
  readonly transport: Transport;
  readonly scenario: Scenario;
};

/** Counted by a receiver: answers and messages, or bytes where it cannot tell them. */
export type Count = { deliveries: number; bytes: number };

/** A receiver with all its clients. */
export type Receiver = {
  readonly ready: Promise<void>;
  /** Sends one request of a client. */
  readonly poll: (client: number) => void;
  /** Only of clients that know their latencies themselves: forgets them, and tells their median. */
  readonly latency?: { readonly clear: () => void; readonly p50Us: () => number };
};

export type OpenReceiver = (config: ReceiverConfig, count: Count, samples: LatencySamples) => Receiver;

/** As many connections of a process are opened at once: more would wait in the queue of the listener. */
const mostOpening = 256;

/** Opens as many as `count`, in the order of their numbers. */
export async function openInTurn(count: number, open: (client: number) => Promise<void>): Promise<void> {
  let next = 0;
  const openRest = async () => {
    while (next < count) await open(next++);
  };
  await Promise.all(Array.from({ length: Math.min(count, mostOpening) }, openRest));
}

export function polls({ transport }: Pick<ReceiverConfig, 'transport'>): boolean {
  return transport === 'short-polling' || transport === 'long-polling';
}
