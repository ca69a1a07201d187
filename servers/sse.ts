import type { IncomingMessage } from 'node:http';
import { integerField, type Subscription } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import type { Exchange } from './endpoint.ts';
import type { NodeContext } from './node-context.ts';
import { StreamReader } from './stream-reader.ts';

const comment = Buffer.from(':\n\n', 'latin1');

// Time for a reader that was cut off to read why, before the socket is destroyed under it.
const farewellMs = 5_000;

/** An event stream (WHATWG HTML, 9.2): one event per update, `id` is the version, comments as heartbeats. */
export function serveEvents(context: NodeContext, subscription: Subscription, { request, response }: Exchange): void {
  const resumption = resumed(subscription, request);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();

  const end = (event: string) => {
    response.end(`event: ${event}\ndata:${event}\n\n`);
    const timer = setTimeout(() => response.destroy(), farewellMs);
    response.once('close', () => clearTimeout(timer));
  };
  const reader = new StreamReader(context, resumption, {
    send: (update) => response.write(update.event),
    unsentBytes: () => response.writableLength,
    heartbeat: () => response.write(comment),
    gone: () => end(eventNames.gone),
    tooSlow: () => end(eventNames.tooSlow),
  });
  response.on('drain', () => reader.drained());
  response.once('close', () => reader.close());
}

/** `Last-Event-ID` is what a browser sends by itself when it reconnects, so it is newer than the URL's `after`. */
function resumed(subscription: Subscription, request: IncomingMessage): Subscription {
  const id = request.headers['last-event-id'];
  if (typeof id !== 'string' || id === '') return subscription;
  const after = integerField(new URLSearchParams({ 'Last-Event-ID': id }), 'Last-Event-ID');
  return after === undefined ? subscription : { ...subscription, after };
}
