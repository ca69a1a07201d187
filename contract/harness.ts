import type { Socket } from 'node:net';
import { openAccount } from '../clients/subscriber/ledger.ts';
import {
  type ClientContext,
  emptyLoadTally,
  type LoadTally,
  type Subscriber,
  type TransportClient,
} from '../clients/subscriber/transport-client.ts';
import { openClient } from '../clients/transports.ts';
import { clockSince, newEpoch } from '../machine/process/clock.ts';
import { makeCertificate } from '../network/route/certificate.ts';
import { type ClientImplementation, implementationOn } from '../network/route/client-implementation.ts';
import { directRoute, type Route } from '../network/route/route.ts';
import { createSocketBytes, type SocketTotals } from '../network/sockets/socket-bytes.ts';
import { codecs } from '../protocol/codec.ts';
import type { Encoding } from '../protocol/contract-terms.ts';
import { createExchangeLog, type ExchangeEvent } from '../protocol/exchange.ts';
import { defaultLimits, type Limits } from '../protocol/limits.ts';
import type { Acknowledgement } from '../protocol/socket-messages.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import { scenarioFields } from '../scenarios/fields.ts';
import type { Wire } from '../servers/main/http-server.ts';
import { type NodeOptions, type StateNode, startNode } from '../servers/main/node.ts';

const settings = {
  channels: 2,
  encoding: 'json',
  semantics: 'every',
  echo: true,
  heartbeatMs: scenarioFields.heartbeatMs.default,
} as const;

const certificate = await makeCertificate();
const overTls: Route = { ...directRoute, tls: { resumption: true } };

type Speech = { readonly route: Route; readonly wire: Wire };

/** Protocols between a node and its clients; the contract is the same over all of them. */
const speeches = {
  plain: { route: directRoute, wire: {} },
  tls: { route: overTls, wire: { tls: certificate } },
  h2: { route: { ...overTls, http: 2 }, wire: { tls: certificate, http: 2 } },
} as const satisfies Readonly<Record<string, Speech>>;

export type Speaks = keyof typeof speeches;

/** What clients are made of in this process; `by-library.system.test.ts` sets it. */
const usual: ClientImplementation = process.env.PVW_CONTRACT_CLIENTS === 'library' ? 'library' : 'lean';

/** Every transport over every protocol, named for tests. Our own parsers do not speak HTTP/2. */
export const spokenTransports = (Object.keys(speeches) as Speaks[]).flatMap((speaks) =>
  transports.map((transport) => ({
    transport,
    speaks,
    implementation: implementationOn(speeches[speaks].route, usual),
    name: `${transport}${usual === 'lean' ? '' : ` by ${usual}`}${speaks === 'plain' ? '' : ` over ${speaks}`}`,
  })),
);

/** The protocol of each node, for its clients. */
const speaking = new WeakMap<StateNode, Speech>();

export type NodeSettings = Partial<Omit<NodeOptions, 'clock' | 'limits' | keyof Wire>> & {
  readonly limits?: Partial<Limits>;
  readonly speaks?: Speaks;
};

/** A real node in this process, on its own port. */
export async function startTestNode({ limits, speaks = 'plain', ...options }: NodeSettings = {}): Promise<StateNode> {
  const clock = clockSince(newEpoch());
  const speech: Speech = speeches[speaks];
  const node = await startNode({
    ...settings,
    ...options,
    ...speech.wire,
    limits: { ...defaultLimits, ...limits },
    clock,
  });
  speaking.set(node, speech);
  return node;
}

/** Emits the next update of a channel as the source would: JSON text in both encodings. Returns the version. */
export function emit(node: StateNode, payload: unknown, channel = 0): number {
  return emitBytes(node, Buffer.from(JSON.stringify(payload)), channel);
}

/** Like `emit`, for JSON text as payload: to serialize a large payload for each update takes longer than to send it. */
export function emitBytes(node: StateNode, payload: Buffer, channel = 0): number {
  const { stream, clock } = node.context;
  return stream.accept({ channel, intendedUs: clock.nowUs(), payload, publisher: -1 }).version;
}

export type TestClient = {
  readonly transport: TransportClient;
  readonly subscriber: Subscriber;
  /** Versions received, in order. */
  readonly versions: number[];
  readonly payloads: unknown[];
  readonly acknowledged: Acknowledgement[];
  readonly tally: LoadTally;
  /** Only of client 0, which is watched. */
  readonly exchange: () => readonly ExchangeEvent[];
  readonly timesSubscribed: () => number;
  readonly timesGone: () => number;
  /** How often updates came compressed: messages, answers, or pieces of a stream. */
  readonly timesCompressed: () => number;
  readonly ledger: () => ReturnType<ReturnType<typeof openAccount>['ledger']>;
  readonly openSockets: () => number;
  readonly sockets: () => SocketTotals;
  readonly publish: (sequence: number, payload: unknown, channel?: number) => void;
  readonly close: () => void;
};

export type ClientSettings = {
  readonly client?: number;
  readonly channel?: number;
  /** Connects with this version; absent: with none. */
  readonly after?: number;
  /** Short polling interval in milliseconds; 0: polls only when the test calls `transport.poll`. */
  readonly pollIntervalMs?: number;
  readonly holdMs?: number;
  readonly route?: Route;
  /** Absent: our own parsers, where the route allows them. */
  readonly implementation?: ClientImplementation;
  readonly port?: number;
  /** The client's local address. */
  readonly localAddress?: string;
  /** Called with each socket before its TLS handshake. */
  readonly onSocket?: (raw: Socket, inside: Socket) => void;
};

/** A real transport client with a real ledger, connected to a node. Short polling polls by itself. */
export function connectClient(node: StateNode, transport: Transport, settings: ClientSettings = {}): TestClient {
  const {
    client = 0,
    channel = 0,
    after,
    pollIntervalMs = 10,
    holdMs = scenarioFields.holdMs.default,
    port = node.port,
    localAddress,
    onSocket = () => {},
    implementation = 'lean',
    route = (speaking.get(node) ?? speeches.plain).route,
  } = settings;
  const { codec, semantics, echo } = node.context;
  const account = openAccount(semantics);
  if (after !== undefined) account.receive(after);
  const baseline = account.ledger().received;
  const versions: number[] = [];
  const payloads: unknown[] = [];
  const acknowledged: Acknowledgement[] = [];
  let subscribed = 0;
  let gone = 0;
  let bytesReceived = 0;
  let compressed = 0;
  const subscriber: Subscriber = {
    client,
    channel,
    after: () => account.newest,
    update: (bytes, start, end) => {
      const { version, payload } = codec.decode(bytes.subarray(start, end));
      bytesReceived += end - start;
      account.receive(version);
      versions.push(version);
      payloads.push(JSON.parse(Buffer.from(payload).toString('utf8')));
    },
    joinedEmpty: () => account.joinEmpty(),
    subscribed: () => {
      subscribed++;
    },
    lost: () => {},
    gone: () => {
      gone++;
      account.forget();
    },
    acknowledged: (acknowledgement) => {
      acknowledged.push(acknowledgement);
      if (!echo) account.own(acknowledgement.version);
    },
    compressed: (wire, updateBytes) => {
      bytesReceived -= updateBytes - Buffer.concat(wire).length;
      compressed++;
    },
    receivedBytes: () => bytesReceived,
  };
  const tally = emptyLoadTally();
  const sockets = createSocketBytes();
  const exchange = createExchangeLog(node.context.clock);
  const context: ClientContext = {
    host: '127.0.0.1',
    port,
    ...(localAddress !== undefined && { localAddress }),
    route,
    implementation,
    ...(route.tls && { ca: certificate.cert }),
    codec: codecs[codec.encoding as Encoding],
    holdMs,
    publishes: true,
    sockets: {
      ...sockets,
      watch: (raw, inside = raw) => {
        onSocket(raw, inside);
        sockets.watch(raw, inside);
      },
    },
    tally,
    exchange,
    random: Math.random,
  };
  const opened = openClient[transport](context, subscriber);
  opened.connect();
  const timer = opened.poll && pollIntervalMs > 0 ? setInterval(() => opened.poll!(false), pollIntervalMs) : undefined;
  return {
    transport: opened,
    subscriber,
    versions,
    payloads,
    acknowledged,
    tally,
    exchange: exchange.events,
    timesSubscribed: () => subscribed,
    timesGone: () => gone,
    timesCompressed: () => compressed,
    ledger: () => ({ ...account.ledger(), received: account.ledger().received - baseline }),
    openSockets: () => sockets.totals().openSockets,
    sockets: sockets.totals,
    publish: (sequence, payload, target = channel) => {
      const body = Buffer.from(JSON.stringify(payload));
      const update = { version: sequence, channel: target, intendedUs: node.context.clock.nowUs(), payload: body };
      opened.publish(sequence, codec.encode(update));
    },
    close: () => {
      clearInterval(timer);
      opened.close();
    },
  };
}

const giveUpMs = 20_000;

/** Waits until a condition holds. The limit only bounds the duration of a failing test. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + giveUpMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The whole numbers from `from` to `to`, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
