import type { Dispatcher } from 'undici';
import type { HeaderLine } from '../network/route/browser-headers.ts';
import { eventsPath, subscriptionUrl } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import { reasonOf } from '../text/reason.ts';
import { backoffBaseMs, createBackoff } from './backoff.ts';
import { type CompressedStream, isGzip, openCompressedStream, whyUnreadable } from './http/compressed-stream.ts';
import { requestHeaders } from './http/headers.ts';
import { openHttpConnection } from './http/http-connection.ts';
import { createSseParser, type SseEvent } from './http/sse-parser.ts';
import { createWireCount } from './http/wire-count.ts';
import { createPublisher } from './publisher.ts';
import {
  type ClientContext,
  countError,
  type Subscriber,
  type TransportClient,
} from './subscriber/transport-client.ts';

/** Reads one endless answer. When it ends, waits and asks again from the newest version. */
export function openSse(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, codec, exchange } = context;
  const connection = openHttpConnection(context, () => {});
  const publisher = createPublisher(context, subscriber, connection);
  let retryMs = backoffBaseMs;
  const backoff = createBackoff(context.random, () => retryMs);
  const { client, channel } = subscriber;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let stood = false;

  const onEvent = ({ type, data }: SseEvent) => {
    if (type === eventNames.gone) subscriber.gone();
    if (type !== 'message') return;
    subscriber.update(codec.encoding === 'json' ? data : fromBase64(data));
    backoff.reset();
    exchange.note(client, 'update', subscriber.after() ?? null);
  };
  const onRetry = (ms: number) => {
    retryMs = ms;
  };

  const open = () => {
    tally.requests++;
    const after = subscriber.after();
    // A browser reconnects with this header and an unchanged URL.
    const own: HeaderLine[] = [['accept', 'text/event-stream']];
    if (after !== undefined) own.push(['last-event-id', String(after)]);
    const headers = requestHeaders(context, after === undefined ? 'events' : 'resume', own).flat();
    connection.dispatch({ method: 'GET', path: subscriptionUrl(eventsPath, { channel, client }), headers }, stream());
  };
  const reopen = () => {
    if (closed) return;
    subscriber.lost();
    // The stream was open without events: the channel had no state, so the client may miss nothing from version 1 on.
    if (stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    stood = false;
    tally.reconnects++;
    retryTimer = setTimeout(open, backoff.nextMs());
  };
  const stream = (): Dispatcher.DispatchHandler => {
    const wireCount = createWireCount(subscriber);
    const parser = createSseParser({
      onEvent: (event) => {
        if (event.type !== 'message') wireCount.other();
        onEvent(event);
      },
      onRetry,
      onComment: () => {
        backoff.reset();
        wireCount.other();
      },
    });
    let status = 0;
    let compressed: CompressedStream | undefined;
    const unreadable = (error: unknown, controller: Dispatcher.DispatchController) => {
      countError(tally, `unreadable event: ${reasonOf(error)}`);
      controller.abort(error as Error);
    };
    const feed = (chunk: Buffer, controller: Dispatcher.DispatchController) => {
      try {
        parser.feed(chunk);
      } catch (error) {
        unreadable(error, controller);
      }
    };
    const over = () => {
      // Reads what came before the end first: the next request reports the newest version.
      if (compressed) compressed.finish(reopen);
      else reopen();
    };
    return {
      onRequestStart: () => {},
      onResponseStart: (controller, statusCode, headers) => {
        status = statusCode;
        if (status !== 200) return;
        const why = whyUnreadable(headers, context.route);
        if (why !== undefined) {
          countError(tally, why);
          controller.abort(new Error(why));
          return;
        }
        if (isGzip(headers)) {
          const failed = (error: Error) => unreadable(error, controller);
          compressed = openCompressedStream({ read: parser.feed, taken: wireCount.taken, failed });
        }
        stood = true;
        subscriber.subscribed();
      },
      onResponseData: (controller, chunk) => {
        if (status === 200) {
          if (compressed) compressed.write(chunk);
          else feed(chunk, controller);
          return;
        }
        countError(tally, `GET answered ${status} ${chunk.toString('utf8', 0, 200).trim()}`);
      },
      onResponseEnd: over,
      onResponseError: over,
    };
  };

  return {
    connect: () => {
      publisher.open();
      open();
    },
    publish: publisher.publish,
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection.close();
      publisher.close();
    },
  };
}

function fromBase64(data: Buffer): Buffer {
  return Buffer.from(data.toString('latin1'), 'base64');
}
