import type { HeaderLine } from '../network/route/browser-headers.ts';
import { watchedClient } from '../protocol/exchange.ts';
import { eventsPath, subscriptionUrl } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import { AnswerFault } from '../protocol/wire/answer-parser.ts';
import { createSseParser, type SseHandlers, type SseParser } from '../protocol/wire/sse-parser.ts';
import { reasonOf } from '../text/reason.ts';
import { type Backoff, backoffBaseMs, createBackoff } from './backoff.ts';
import { type CompressedStream, isGzip, openCompressedStream, whyUnreadable } from './http/compressed-stream.ts';
import { requestHeaders } from './http/headers.ts';
import type { AnswerHandler, HttpConnection } from './http/http-connection.ts';
import { openHttpConnection } from './http/open-connection.ts';
import { createWireCount, type WireCount } from './http/wire-count.ts';
import { textFor } from './poll-answer.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import {
  type ClientContext,
  countError,
  type Subscriber,
  type TransportClient,
} from './subscriber/transport-client.ts';

/** Reads one endless answer. When it ends, waits and asks again from the newest version. */
export function openSse(context: ClientContext, subscriber: Subscriber): TransportClient {
  return new SseClient(context, subscriber);
}

/** The compressed part of an answer in progress. */
type Compressed = { readonly stream: CompressedStream; readonly count: WireCount };

/** A class, because a process has thousands of clients, none of which is in the cache when an event comes. */
class SseClient implements TransportClient, AnswerHandler, SseHandlers {
  readonly #context: ClientContext;
  readonly #subscriber: Subscriber;
  readonly #connection: HttpConnection;
  readonly #publisher: Publisher;
  readonly #backoff: Backoff;
  /** Of the answer in progress, if it is an event stream. */
  #parser: SseParser | undefined;
  #compressed: Compressed | undefined;
  #abort: (error: Error) => void = () => {};
  #status = 0;
  #retryMs = backoffBaseMs;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;
  #stood = false;
  /** Whether an event would end a row of failed attempts. */
  #isRetrying = false;

  constructor(context: ClientContext, subscriber: Subscriber) {
    this.#context = context;
    this.#subscriber = subscriber;
    this.#connection = openHttpConnection(context, { onReconnect: () => {} });
    this.#publisher = createPublisher(context, subscriber, this.#connection);
    this.#backoff = createBackoff(context.random);
  }

  connect(): void {
    this.#publisher.open();
    this.#open();
  }

  publish(sequence: number, bytes: Uint8Array): void {
    this.#publisher.publish(sequence, bytes);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#connection.close();
    this.#publisher.close();
  }

  onHead(status: number, contentEncoding: string | undefined, abort: (error: Error) => void): void {
    this.#status = status;
    this.#abort = abort;
    if (status !== 200) return;
    const why = whyUnreadable(contentEncoding, this.#context.route);
    if (why !== undefined) {
      abort(new AnswerFault(why));
      return;
    }
    this.#parser = createSseParser(this);
    this.#compressed = isGzip(contentEncoding) ? this.#openCompressed(this.#parser) : undefined;
    this.#stood = true;
    this.#subscriber.subscribed();
  }

  onBody(bytes: Uint8Array, start: number, end: number): void {
    if (this.#status !== 200) {
      countError(this.#context.tally, `GET answered ${this.#status} ${textFor(bytes, start, end)}`);
    } else if (this.#compressed) {
      // A copy: what is not decompressed at once lies in a buffer that is read into again.
      this.#compressed.stream.write(new Uint8Array(bytes.subarray(start, end)));
    } else {
      this.#read(bytes, start, end);
    }
  }

  onEnd(): void {
    const compressed = this.#compressed;
    this.#parser = undefined;
    this.#compressed = undefined;
    // Reads what came before the end first: the next request reports the newest version.
    if (compressed) compressed.stream.finish(() => this.#reopen());
    else this.#reopen();
  }

  onError(): void {
    this.onEnd();
  }

  onEvent(type: string, bytes: Uint8Array, start: number, end: number): void {
    if (type !== 'message') {
      this.#compressed?.count.other();
      if (type === eventNames.gone) this.#subscriber.gone();
      return;
    }
    this.#update(bytes, start, end);
    this.#succeeded();
  }

  onRetry(ms: number): void {
    this.#retryMs = ms;
  }

  onComment(): void {
    this.#succeeded();
    this.#compressed?.count.other();
  }

  #open(): void {
    const { client, channel } = this.#subscriber;
    this.#context.tally.requests++;
    const after = this.#subscriber.after();
    // A browser reconnects with this header and an unchanged URL.
    const own: HeaderLine[] = [['accept', 'text/event-stream']];
    if (after !== undefined) own.push(['last-event-id', String(after)]);
    const headers = requestHeaders(this.#context, after === undefined ? 'events' : 'resume', own);
    const request = this.#connection.prepare({ method: 'GET', headers, whole: false, handler: this });
    request(subscriptionUrl(eventsPath, { channel, client }));
  }

  #reopen(): void {
    if (this.#closed) return;
    const subscriber = this.#subscriber;
    subscriber.lost();
    // The stream was open without events: the channel had no state, so the client may miss nothing from version 1 on.
    if (this.#stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    this.#stood = false;
    this.#context.tally.reconnects++;
    this.#isRetrying = true;
    this.#retryTimer = setTimeout(() => this.#open(), this.#backoff.nextMs(this.#retryMs));
  }

  #openCompressed(parser: SseParser): Compressed {
    const count = createWireCount(this.#subscriber);
    const read = (bytes: Uint8Array, start: number, end: number) => parser.feed(bytes, start, end);
    const stream = openCompressedStream({ read, taken: count.taken, failed: (error) => this.#failed(error) });
    return { stream, count };
  }

  #read(bytes: Uint8Array, start: number, end: number): void {
    try {
      this.#parser?.feed(bytes, start, end);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#abort(new AnswerFault(`unreadable event: ${reasonOf(error)}`));
  }

  #update(bytes: Uint8Array, start: number, end: number): void {
    const { codec, exchange } = this.#context;
    const subscriber = this.#subscriber;
    if (codec.encoding === 'json') subscriber.update(bytes, start, end);
    else updateFromBase64(subscriber, bytes, start, end);
    if (subscriber.client === watchedClient) exchange.note(watchedClient, 'update', subscriber.after() ?? null);
  }

  #succeeded(): void {
    if (this.#isRetrying) this.#backoff.reset();
    this.#isRetrying = false;
  }
}

function updateFromBase64(subscriber: Subscriber, bytes: Uint8Array, start: number, end: number): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const update = Buffer.from(text, 'base64');
  subscriber.update(update, 0, update.length);
}
