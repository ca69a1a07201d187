import { watchedClient } from '../protocol/exchange.ts';
import { socketPath, subscriptionUrl } from '../protocol/routes.ts';
import { closeCodes, decodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { reasonOf } from '../text/reason.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { createDialler, type Dialler } from './http/dial.ts';
import { textFor } from './poll-answer.ts';
import { webSocketOpener } from './socket/open-web-socket.ts';
import type { OpenWebSocket, WebSocketConnection, WebSocketHandlers } from './socket/web-socket.ts';
import {
  type ClientContext,
  countError,
  known,
  type Subscriber,
  type TransportClient,
} from './subscriber/transport-client.ts';

const braceOpen = 0x7b;
/** Close codes for a malformed or oversized publish (RFC 6455, 7.4.1). */
const refusals: ReadonlySet<number> = new Set([closeCodes.badRequest, 1009]);

/** One socket for both directions. Unacknowledged publishes are resent after a reconnect. */
export function openWebSocket(context: ClientContext, subscriber: Subscriber): TransportClient {
  return new WebSocketClient(context, subscriber);
}

/** A class, because a process has thousands of clients, none of which is in the cache when a message comes. */
class WebSocketClient implements TransportClient, WebSocketHandlers {
  readonly #context: ClientContext;
  readonly #subscriber: Subscriber;
  readonly #isBinary: boolean;
  readonly #backoff: Backoff;
  readonly #open: OpenWebSocket;
  readonly #dialler: Dialler;
  /** By sequence, in order; made with the first publish. */
  #unacknowledged: Map<number, Uint8Array> | undefined;
  /** Publishes already counted: a resent one counts as framing, as it does without compression. */
  #counted: WeakSet<Uint8Array> | undefined;
  #webSocket: WebSocketConnection | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;
  #stood = false;
  /** Whether a message would end a row of failed attempts. */
  #isRetrying = false;

  constructor(context: ClientContext, subscriber: Subscriber) {
    this.#context = context;
    this.#subscriber = subscriber;
    this.#isBinary = context.codec.encoding === 'binary';
    this.#backoff = createBackoff(context.random);
    this.#open = webSocketOpener(context);
    this.#dialler = createDialler(context, 'http/1.1');
  }

  connect(): void {
    const { client, channel } = this.#subscriber;
    this.#context.tally.requests++;
    const path = subscriptionUrl(socketPath, { channel, client, ...known(this.#subscriber) });
    const request = { path, subprotocol: subprotocols[this.#context.codec.encoding] };
    this.#webSocket = this.#open({ context: this.#context, dialler: this.#dialler }, request, this);
  }

  publish(sequence: number, bytes: Uint8Array): void {
    this.#unacknowledged ??= new Map();
    this.#unacknowledged.set(sequence, bytes);
    if (this.#webSocket?.isOpen()) this.#send(bytes);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#webSocket?.terminate();
  }

  onOpen(): void {
    this.#stood = true;
    this.#subscriber.subscribed();
    for (const bytes of this.#unacknowledged?.values() ?? []) this.#send(bytes);
  }

  onMessage(isBinary: boolean, bytes: Uint8Array, start: number, end: number, wire?: Uint8Array): void {
    try {
      if (isBinary || (!this.#isBinary && bytes[start] !== braceOpen)) this.#receive(bytes, start, end, wire);
      else this.#receiveAcknowledgement(textFor(bytes, start, end));
      if (this.#isRetrying) this.#backoff.reset();
      this.#isRetrying = false;
    } catch (error) {
      countError(this.#context.tally, `unreadable message: ${reasonOf(error)}`);
      this.#webSocket?.terminate();
    }
  }

  onCompressed(message: Uint8Array, wire: Uint8Array): void {
    this.#counted ??= new WeakSet();
    if (this.#counted.has(message)) return;
    this.#counted.add(message);
    this.#context.tally.savedPublishBytes += message.length - wire.length;
  }

  onFault(text: string): void {
    countError(this.#context.tally, text);
  }

  onClose(code: number, reason: string): void {
    if (this.#closed) return;
    const subscriber = this.#subscriber;
    subscriber.lost();
    if (code === closeCodes.gone) subscriber.gone();
    // The socket was open without updates: the channel had no state, so the client may miss nothing from version 1 on.
    else if (this.#stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    this.#stood = false;
    if (refusals.has(code)) this.#dropRefused(`closed ${code} ${reason}`);
    this.#context.tally.reconnects++;
    this.#isRetrying = true;
    this.#retryTimer = setTimeout(() => this.connect(), this.#backoff.nextMs());
  }

  #receive(bytes: Uint8Array, start: number, end: number, wire: Uint8Array | undefined): void {
    const subscriber = this.#subscriber;
    subscriber.update(bytes, start, end);
    if (wire) subscriber.compressed([wire], end - start);
    if (subscriber.client !== watchedClient) return;
    this.#context.exchange.note(subscriber.client, 'update', subscriber.after() ?? null);
  }

  #receiveAcknowledgement(text: string): void {
    const acknowledgement = decodeAcknowledgement(text);
    if (!acknowledgement) {
      countError(this.#context.tally, `unknown message ${text}`);
    } else if (this.#unacknowledged?.delete(acknowledgement.sequence)) {
      this.#context.exchange.noteAcknowledgement(this.#subscriber.client, acknowledgement.sequence);
      this.#subscriber.acknowledged(acknowledgement);
    }
  }

  #send(bytes: Uint8Array): void {
    const { tally, exchange, codec } = this.#context;
    tally.requests++;
    exchange.notePublish(this.#subscriber.client, codec, bytes);
    this.#webSocket?.send(bytes, this.#isBinary);
  }

  /** Refused: resending would not help. The ledger shows the loss. */
  #dropRefused(text: string): void {
    countError(this.#context.tally, text);
    const [oldest] = this.#unacknowledged?.keys() ?? [];
    if (oldest !== undefined) this.#unacknowledged?.delete(oldest);
  }
}
