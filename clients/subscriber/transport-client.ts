import type { Route } from '../../network/route/route.ts';
import type { SocketBytes } from '../../network/sockets/socket-bytes.ts';
import type { Codec } from '../../protocol/codec.ts';
import type { ExchangeLog } from '../../protocol/exchange.ts';
import type { Acknowledgement } from '../../protocol/socket-messages.ts';

/** What the clients of one load process count together. */
export type LoadTally = {
  requests: number;
  emptyAnswers: number;
  /** Requests and bytes of polls that began after the window. */
  drainRequests: number;
  drainUpFramingBytes: number;
  drainDownFramingBytes: number;
  /** What TLS added to them. */
  drainUpTlsBytes: number;
  drainDownTlsBytes: number;
  /**
   * Of updates that polls after the window brought to clients whose first poll in it had brought some. Nobody was behind
   * at its start, so that first poll looked back on a part of an interval, and the last one looks back on the rest:
   * where newer replaces older, the two must count as one.
   */
  surplusUpdateBytes: number;
  /** By how much compression made publishes smaller, those that were sent again once. */
  savedPublishBytes: number;
  reconnects: number;
  /** Answers that the contract does not explain; the newest is kept as text. */
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

/** What every transport needs to reach the server. */
export type ClientContext = {
  readonly host: string;
  readonly port: number;
  /** The client's own address; absent: whatever the system takes. */
  readonly localAddress?: string;
  readonly route: Route;
  /** The certificate that a TLS server is to show, PEM; absent: any that the machine trusts. */
  readonly ca?: string;
  readonly codec: Codec;
  readonly holdMs: number;
  /** Whether the scenario's clients publish at all. */
  readonly publishes: boolean;
  readonly sockets: SocketBytes;
  readonly tally: LoadTally;
  readonly exchange: ExchangeLog;
  /** 0 to 1, seeded. */
  readonly random: () => number;
};

/** The virtual client behind a connection: where it is in its channel, and what happens to what arrives. */
export type Subscriber = {
  readonly client: number;
  readonly channel: number;
  /** The newest version it has; undefined: none yet. */
  readonly after: () => number | undefined;
  /** Hot path: the encoded bytes of one update, valid during the call only. */
  readonly update: (bytes: Buffer) => void;
  /** The answer said that the channel has no state yet. */
  readonly joinedEmpty: () => void;
  /** The subscription stands (called again after each reconnect). */
  readonly subscribed: () => void;
  /** The connection of the subscription has ended by itself; `subscribed` follows when it stands again. */
  readonly lost: () => void;
  /** The place is no longer retained. */
  readonly gone: () => void;
  readonly acknowledged: (acknowledgement: Acknowledgement) => void;
  /** The updates handed over last, of `updateBytes` in all, travelled compressed, as these bytes and nothing else. */
  readonly compressed: (wire: readonly Buffer[], updateBytes: number) => void;
  /** Bytes of updates received so far: encoded, and where they were compressed, as they travelled. */
  readonly receivedBytes: () => number;
};

/** What the polls of one client came to at its socket since it connected. */
export type PollTraffic = {
  readonly requests: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** The part of each that polls after the window caused; of the bytes, without updates. */
  readonly drainRequests: number;
  readonly drainReadBytes: number;
  readonly drainWrittenBytes: number;
  /** As in `LoadTally`. */
  readonly surplusUpdateBytes: number;
};

/** One virtual client's connection(s) over one transport. */
export type TransportClient = {
  readonly connect: () => void;
  /** Short polling only: asks now. False if the last poll is not answered yet. */
  readonly poll?: (afterWindow: boolean) => boolean;
  /** Short polling only: the window begins. */
  readonly begin?: () => void;
  /** Short polling only: to tell cohorts apart. */
  readonly traffic?: () => PollTraffic;
  /** Sends an encoded publish until it is acknowledged, over reconnects. */
  readonly publish: (sequence: number, bytes: Buffer) => void;
  readonly close: () => void;
};

export type OpenClient = (context: ClientContext, subscriber: Subscriber) => TransportClient;

/** Counts an answer that the contract does not explain. */
export function countError(tally: LoadTally, text: string): void {
  tally.errors++;
  tally.lastError = text;
}

/** `after` where there is one: the compiler wants absence, not undefined. */
export function known(subscriber: Subscriber): { readonly after?: number } {
  const after = subscriber.after();
  return after === undefined ? {} : { after };
}
