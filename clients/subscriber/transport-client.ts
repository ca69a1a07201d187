import type { ClientImplementation } from '../../network/route/client-implementation.ts';
import type { Route } from '../../network/route/route.ts';
import type { SocketBytes } from '../../network/sockets/socket-bytes.ts';
import type { Codec } from '../../protocol/codec.ts';
import type { ExchangeLog } from '../../protocol/exchange.ts';
import type { Acknowledgement } from '../../protocol/socket-messages.ts';

/** Counters shared by the clients of one load process. */
export type LoadTally = {
  requests: number;
  emptyAnswers: number;
  /** Polls that began after the window, and their bytes without updates. */
  drainRequests: number;
  drainUpFramingBytes: number;
  drainDownFramingBytes: number;
  /** The bytes that TLS added to them. */
  drainUpTlsBytes: number;
  drainDownTlsBytes: number;
  /**
   * Bytes of updates in polls after the window, of clients whose first poll in the window brought updates. No client is
   * behind at the start of the window, so that first poll covers part of an interval and the last poll the rest. Under
   * `latest`, the two must count as one.
   */
  surplusUpdateBytes: number;
  /** Bytes that compression saved on publishes; resent publishes count once. */
  savedPublishBytes: number;
  reconnects: number;
  /** Answers outside the contract; `lastError` describes the newest. */
  errors: number;
  lastError: string;
};

export function emptyLoadTally(): LoadTally {
  return {
    requests: 0,
    emptyAnswers: 0,
    drainRequests: 0,
    drainUpFramingBytes: 0,
    drainDownFramingBytes: 0,
    drainUpTlsBytes: 0,
    drainDownTlsBytes: 0,
    surplusUpdateBytes: 0,
    savedPublishBytes: 0,
    reconnects: 0,
    errors: 0,
    lastError: '',
  };
}

/** What a transport needs to reach the server. */
export type ClientContext = {
  readonly host: string;
  readonly port: number;
  /** The client's local address; absent: the system chooses. */
  readonly localAddress?: string;
  readonly route: Route;
  /** What is wanted; not every route leaves the choice (`implementationOn`). */
  readonly implementation: ClientImplementation;
  /** The certificate that a TLS server must present, PEM; absent: any that the machine trusts. */
  readonly ca?: string;
  readonly codec: Codec;
  readonly holdMs: number;
  /** Whether clients of the scenario publish at all. */
  readonly publishes: boolean;
  readonly sockets: SocketBytes;
  readonly tally: LoadTally;
  readonly exchange: ExchangeLog;
  /** Seeded, 0 to 1. */
  readonly random: () => number;
};

/** The virtual client that a connection serves: its place in the channel, and what it does with what arrives. */
export type Subscriber = {
  readonly client: number;
  readonly channel: number;
  /** The newest version that it has; undefined before the first. */
  after(): number | undefined;
  /**
   * Hot path: the encoded bytes of one update, `start` to `end` (exclusive), valid only during the call. Throws if they
   * are none.
   */
  update(bytes: Uint8Array, start: number, end: number): void;
  /** The server answered that the channel has no state yet. */
  joinedEmpty(): void;
  /** The subscription is established; called again after each reconnect. */
  subscribed(): void;
  /** The subscription's connection was lost; `subscribed` follows once it is re-established. */
  lost(): void;
  /** The version asked for is no longer retained. */
  gone(): void;
  acknowledged(acknowledgement: Acknowledgement): void;
  /** The latest updates, `updateBytes` in total, travelled compressed as exactly these bytes. */
  compressed(wire: readonly Uint8Array[], updateBytes: number): void;
  /** Bytes of updates received so far, compressed ones as they travelled. */
  receivedBytes(): number;
};

/** Polling traffic of one client at its sockets since it connected. */
export type PollTraffic = {
  readonly requests: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** The part caused by polls after the window; its bytes exclude updates. */
  readonly drainRequests: number;
  readonly drainReadBytes: number;
  readonly drainWrittenBytes: number;
  /** See `LoadTally`. */
  readonly surplusUpdateBytes: number;
};

/** The connection or connections of one virtual client over one transport. */
export type TransportClient = {
  connect(): void;
  /** Short polling only: polls now. Returns false if the previous poll is not answered yet. */
  poll?(afterWindow: boolean): boolean;
  /** Short polling only: the window begins. */
  begin?(): void;
  /** Short polling only: traffic for the figures by cohort. */
  traffic?(): PollTraffic;
  /** Sends an encoded publish until it is acknowledged, across reconnects. */
  publish(sequence: number, bytes: Uint8Array): void;
  close(): void;
};

export type OpenClient = (context: ClientContext, subscriber: Subscriber) => TransportClient;

/** Counts an answer outside the contract. */
export function countError(tally: LoadTally, text: string): void {
  tally.errors++;
  tally.lastError = text;
}

/** The subscription field `after`, absent when unknown: the type allows absence but not undefined. */
export function known(subscriber: Subscriber): { readonly after?: number } {
  const after = subscriber.after();
  return after === undefined ? {} : { after };
}
