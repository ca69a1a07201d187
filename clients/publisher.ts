import { publishUrl } from '../protocol/routes.ts';
import { decodeAcknowledgement } from '../protocol/socket-messages.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { requestHeaders } from './http/headers.ts';
import type { HttpConnection, SendRequest } from './http/http-connection.ts';
import { openHttpConnection } from './http/open-connection.ts';
import { wholeAnswers } from './http/whole-answer.ts';
import { textFor } from './poll-answer.ts';
import { type ClientContext, countError, type Subscriber } from './subscriber/transport-client.ts';

/** Whether a proxy answered that it did not reach the server or got no answer (RFC 9110, 15.6). */
function isUnreached(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** Publishes on the connection that the client also polls on. */
export type Sharing = {
  /** Publish requests so far. */
  readonly begun: number;
  /** Whether a publish is awaiting its answer. */
  readonly underWay: boolean;
};

export type Publisher = {
  /** Connects ahead if the scenario publishes: in a long run every publisher has its connection open. */
  open(): void;
  publish(sequence: number, bytes: Uint8Array): void;
  /** Undefined when publishes have their own connection. */
  sharing(): Sharing | undefined;
  close(): void;
};

/**
 * Publishes by POST, in order, one at a time. Over HTTP/1.1 it has its own connection, because a POST behind a held
 * poll would wait for the poll. Over HTTP/2 it shares `asking`, the connection that the client polls on.
 */
export function createPublisher(context: ClientContext, subscriber: Subscriber, asking: HttpConnection): Publisher {
  return new PostPublisher(context, subscriber, asking);
}

/** A class that makes what it needs with the first publish: a process has thousands, and most clients never publish. */
class PostPublisher implements Publisher {
  readonly #context: ClientContext;
  readonly #subscriber: Subscriber;
  readonly #asking: HttpConnection;
  #queue: Uint8Array[] | undefined;
  #backoff: Backoff | undefined;
  #connection: HttpConnection | undefined;
  #request: SendRequest | undefined;
  #sending = false;
  #begun = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(context: ClientContext, subscriber: Subscriber, asking: HttpConnection) {
    this.#context = context;
    this.#subscriber = subscriber;
    this.#asking = asking;
  }

  open(): void {
    if (this.#context.publishes && !this.#shares) this.#connected().open();
  }

  publish(_sequence: number, bytes: Uint8Array): void {
    this.#queue ??= [];
    this.#queue.push(bytes);
    this.#sendNext();
  }

  sharing(): Sharing | undefined {
    return this.#shares ? { begun: this.#begun, underWay: this.#sending } : undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#connection?.close();
  }

  get #shares(): boolean {
    return this.#context.route.http === 2;
  }

  #connected(): HttpConnection {
    const { tally } = this.#context;
    this.#connection ??= this.#shares
      ? this.#asking
      : openHttpConnection(this.#context, { onReconnect: () => tally.reconnects++ });
    return this.#connection;
  }

  #sendNext(): void {
    const body = this.#queue?.[0];
    if (this.#sending || this.#closed || !body) return;
    const { tally, exchange, codec } = this.#context;
    this.#sending = true;
    this.#begun++;
    tally.requests++;
    exchange.notePublish(this.#subscriber.client, codec, body);
    this.#request ??= this.#prepared();
    this.#request(publishUrl(this.#subscriber.client), body);
  }

  #prepared(): SendRequest {
    const { codec } = this.#context;
    const headers = requestHeaders(this.#context, 'publish', [['content-type', codec.contentType]]);
    const handler = wholeAnswers(
      this.#context,
      (status, bytes, start, end) => this.#answered(status, textFor(bytes, start, end)),
      () => {
        if (this.#closed) return;
        this.#sending = false;
        this.#retryLater();
      },
    );
    return this.#connected().prepare({ method: 'POST', headers, whole: true, handler });
  }

  #answered(status: number, text: string): void {
    const { tally, exchange } = this.#context;
    const acknowledgement = decodeAcknowledgement(text);
    this.#sending = false;
    if (status === 200 && acknowledgement) {
      this.#backoff?.reset();
      this.#queue?.shift();
      exchange.noteAcknowledgement(this.#subscriber.client, acknowledgement.sequence);
      this.#subscriber.acknowledged(acknowledgement);
      this.#sendNext();
    } else if (isUnreached(status)) {
      // The server may have accepted it; it then recognises the repeat.
      countError(tally, `POST answered ${status}`);
      this.#retryLater();
    } else {
      // Refused: resending would not help. The ledger shows the loss.
      countError(tally, `POST answered ${status} ${text}`);
      this.#queue?.shift();
      this.#sendNext();
    }
  }

  #retryLater(): void {
    this.#backoff ??= createBackoff(this.#context.random);
    this.#retryTimer = setTimeout(() => this.#sendNext(), this.#backoff.nextMs());
  }
}
