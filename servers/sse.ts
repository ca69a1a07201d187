import { type Subscription, wholeNumber } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import { acceptsGzip } from './compression.ts';
import type { Exchange, HttpRequest, HttpResponse } from './endpoint.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import type { NodeContext } from './stream/node-context.ts';
import type { RetainedUpdate } from './stream/retained-update.ts';
import { type Sink, StreamReader } from './stream/stream-reader.ts';

const comment = ':\n\n';

// Lets a reader that was cut off read the reason before the socket is destroyed.
const farewellMs = 5_000;

/** An event stream (WHATWG HTML, 9.2): one event per update with the version as `id`; comments are heartbeats. */
export function serveEvents(context: NodeContext, subscription: Subscription, { request, response }: Exchange): void {
  const compression = acceptsGzip(request) ? context.compression : null;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    ...(compression && { 'Content-Encoding': 'gzip' }),
    'Cache-Control': 'no-store',
  });
  response.flushHeaders?.();
  const events = new Events(context, subscription, response, openEventStream(response, compression));
  events.follow(subscription);
}

/** One client's stream of events. A class, because a node has thousands. */
class Events implements Sink {
  readonly #context: NodeContext;
  readonly #subscription: Subscription;
  readonly #response: HttpResponse;
  readonly #stream: EventStream;
  #reader: StreamReader | undefined;

  constructor(context: NodeContext, subscription: Subscription, response: HttpResponse, stream: EventStream) {
    this.#context = context;
    this.#subscription = subscription;
    this.#response = response;
    this.#stream = stream;
    stream.onDrain(() => this.#reader?.drained());
    response.once('close', () => this.#reader?.close());
  }

  follow(from: Subscription): void {
    // Without state yet, a reconnecting client must ask from the start. An id without data is remembered but not
    // dispatched.
    if (from.after === undefined && this.#context.stream.head(from.channel) === 0) this.#stream.say('id: 0\n\n');
    this.#reader = new StreamReader(this.#context, from, this);
    this.#reader.start();
  }

  send(update: RetainedUpdate): void {
    this.#stream.send(update);
  }

  unsentBytes(): number {
    return this.#stream.unsentBytes();
  }

  heartbeat(): void {
    this.#stream.say(comment);
  }

  /** The stream continues: a browser would otherwise reconnect with the same id forever. */
  gone(): void {
    this.#stream.say(namedEvent(eventNames.gone));
    const { after: _, ...fromNewest } = this.#subscription;
    this.follow(fromNewest);
  }

  tooSlow(): void {
    this.#stream.end(namedEvent(eventNames.tooSlow));
    const timer = setTimeout(() => this.#response.destroy(), farewellMs);
    this.#response.once('close', () => clearTimeout(timer));
  }
}

function namedEvent(name: string): string {
  return `event: ${name}\ndata:${name}\n\n`;
}

/** A browser sends `Last-Event-ID` when it reconnects, so it is newer than the URL's `after`. */
export function resumed(subscription: Subscription, request: HttpRequest): Subscription {
  const id = request.headers['last-event-id'];
  if (typeof id !== 'string' || id === '') return subscription;
  return { ...subscription, after: wholeNumber('Last-Event-ID', id) };
}
