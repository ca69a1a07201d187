import type { Clock, Epoch } from '../../machine/process/clock.ts';
import { createRecorder, type Recorder } from '../../machine/process/recorder.ts';
import type { ClientImplementation } from '../../network/route/client-implementation.ts';
import type { Route } from '../../network/route/route.ts';
import { createSocketBytes, type SocketBytes } from '../../network/sockets/socket-bytes.ts';
import { codecs } from '../../protocol/codec.ts';
import { createExchangeLog, type ExchangeLog } from '../../protocol/exchange.ts';
import { LateLog } from '../../protocol/late-updates.ts';
import type { Transport } from '../../protocol/transport.ts';
import { randomFrom } from '../../scenarios/random.ts';
import { channelOf, publishesAtAll, type Scenario } from '../../scenarios/scenario.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { Receipts } from '../subscriber/receipts.ts';
import { emptyLoadTally, type LoadTally, type TransportClient } from '../subscriber/transport-client.ts';
import { createVirtualClient, type Desk, type DeskTally, type VirtualClient } from '../subscriber/virtual-client.ts';
import { openClient } from '../transports.ts';

/** Everything that a load process needs to create its clients. */
export type LoadConfig = {
  readonly transport: Transport;
  readonly scenario: Scenario;
  /** Numbers of this process's clients: `from` to `to` (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly host: string;
  /** Ports of the nodes, assigned to clients in turn. */
  readonly ports: readonly number[];
  /** Local addresses, assigned to clients in turn; absent: the system chooses. */
  readonly localAddresses?: readonly string[];
  readonly route: Route;
  /** See `ClientContext`. */
  readonly implementation: ClientImplementation;
  /** See `ClientContext`. */
  readonly ca?: string;
  readonly epoch: Epoch;
  readonly seed: string;
};

/** Counters of scheduled publishes and polls. */
export type PlayTally = {
  publishedUpdates: number;
  publishedInputs: number;
  publishedBytes: number;
  intendedPolls: number;
  skippedPolls: number;
};

export type CrowdTally = LoadTally & DeskTally & PlayTally;

/** A virtual client with its connection. */
export type ConnectedClient = VirtualClient & { readonly transport: TransportClient };

/** The virtual clients of one process and what they share. */
export type Crowd = {
  readonly clock: Clock;
  /** `clients[i]` has the number `from + i`. */
  readonly clients: readonly ConnectedClient[];
  readonly from: number;
  readonly tally: CrowdTally;
  readonly sockets: SocketBytes;
  readonly receipts: Receipts;
  readonly lateness: { readonly poll: Recorder; readonly publish: Recorder };
  /** Publishes that left late. */
  readonly late: LateLog;
  readonly delivery: Recorder;
  readonly exchange: ExchangeLog;
};

/** `events` are called when a client gets a newer version, when it is subscribed, and when it loses its connection. */
export function createCrowd(
  config: LoadConfig,
  clock: Clock,
  events: Pick<Desk, 'advanced' | 'subscribed' | 'lost'>,
): Crowd {
  const { scenario, from, to, localAddresses } = config;
  const tally = emptyTally();
  const sockets = createSocketBytes();
  const exchange = createExchangeLog(clock);
  const desk: Desk = {
    clock,
    codec: codecs[scenario.encoding],
    semantics: scenario.semantics,
    echo: scenario.echo,
    delivery: createRecorder(),
    receipts: new Receipts(),
    tally,
    ...events,
  };
  const open = (client: number): ConnectedClient => {
    const virtual = createVirtualClient(desk, client, channelOf(scenario, client));
    const context = {
      host: config.host,
      port: config.ports[client % config.ports.length]!,
      ...(localAddresses && { localAddress: localAddresses[client % localAddresses.length]! }),
      route: config.route,
      implementation: config.implementation,
      ...(config.ca !== undefined && { ca: config.ca }),
      codec: desk.codec,
      holdMs: scenario.holdMs,
      publishes: publishesAtAll(scenario),
      sockets,
      tally,
      exchange,
      random: seldomRandom(config.seed, client),
    };
    return Object.assign(virtual, { transport: openClient[config.transport](context, virtual.subscriber) });
  };
  return {
    clock,
    clients: Array.from({ length: to - from }, (_, i) => open(from + i)),
    from,
    tally,
    sockets,
    receipts: desk.receipts,
    lateness: { poll: createRecorder(), publish: createRecorder() },
    late: new LateLog(),
    delivery: desk.delivery,
    exchange,
  };
}

/** A client needs random numbers only to come back after a lost connection: made then, since a process has thousands. */
function seldomRandom(seed: string, client: number): () => number {
  let float: (() => number) | undefined;
  return () => {
    float ??= randomFrom(seedFrom(seed, 'client', client)).float;
    return float();
  };
}

function emptyTally(): CrowdTally {
  return {
    ...emptyLoadTally(),
    deliveries: 0,
    updateBytes: 0,
    savedUpdateBytes: 0,
    acknowledgedPublishes: 0,
    publishedUpdates: 0,
    publishedInputs: 0,
    publishedBytes: 0,
    intendedPolls: 0,
    skippedPolls: 0,
  };
}
