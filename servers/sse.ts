import { integerField, type Subscription } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import { acceptsGzip } from './compression.ts';
import type { Exchange, HttpRequest } from './endpoint.ts';
import { openEventStream } from './event-stream.ts';
import type { NodeContext } from './stream/node-context.ts';
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
  const stream = openEventStream(response, compression);

  let reader: StreamReader | undefined;
  const follow = (from: Subscription) => {
    // Without state yet, a reconnecting client must ask from the start. An id without data is remembered but not
    // dispatched.
    if (from.after === undefined && context.stream.head(from.channel) === 0) stream.say('id: 0\n\n');
    reader = new StreamReader(context, from, sink);
    reader.start();
  };
  const sink: Sink = {
    send: stream.send,
    unsentBytes: stream.unsentBytes,
    heartbeat: () => stream.say(comment),
    // The stream continues: a browser would otherwise reconnect with the same id forever.
    gone: () => {
      stream.say(namedEvent(eventNames.gone));
      const { after: _, ...fromNewest } = subscription;
      follow(fromNewest);
    },
    tooSlow: () => {
      stream.end(namedEvent(eventNames.tooSlow));
      const timer = setTimeout(() => response.destroy(), farewellMs);
      response.once('close', () => clearTimeout(timer));
    },
  };
  follow(subscription);
  stream.onDrain(() => reader?.drained());
  response.once('close', () => reader?.close());
}

function namedEvent(name: string): string {
  return `event: ${name}\ndata:${name}\n\n`;
}

/** A browser sends `Last-Event-ID` when it reconnects, so it is newer than the URL's `after`. */
export function resumed(subscription: Subscription, request: HttpRequest): Subscription {
  const id = request.headers['last-event-id'];
  if (typeof id !== 'string' || id === '') return subscription;
  const after = integerField(new URLSearchParams({ 'Last-Event-ID': id }), 'Last-Event-ID');
  return after === undefined ? subscription : { ...subscription, after };
}
