import type { Dispatcher } from 'undici';
import { eventsPath, subscriptionUrl } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import { backoffBaseMs, createBackoff } from './backoff.ts';
import { openHttpConnection } from './http-connection.ts';
import { createPublisher } from './publisher.ts';
import { createSseParser, type SseEvent } from './sse-parser.ts';
import { type ClientContext, countError, known, type Subscriber, type TransportClient } from './transport-client.ts';

/** Reads one endless answer; when it ends, asks again from the newest version, after a wait. */
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
    exchange.note(client, 'update', subscriber.after() ?? null);
  };
  const onRetry = (ms: number) => {
    retryMs = ms;
  };

  const open = () => {
    tally.requests++;
    const after = known(subscriber);
    // A browser comes back with the header; the URL stays what it was.
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (after.after !== undefined) headers['last-event-id'] = String(after.after);
    connection.dispatch({ method: 'GET', path: subscriptionUrl(eventsPath, { channel, client }), headers }, stream());
  };
  const reopen = () => {
    if (closed) return;
    subscriber.lost();
    // It stood and brought nothing: the channel had no state, so nothing from version 1 on may be missed.
    if (stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    stood = false;
    tally.reconnects++;
    retryTimer = setTimeout(open, backoff.nextMs());
  };
  const stream = (): Dispatcher.DispatchHandler => {
    const parser = createSseParser({ onEvent, onRetry });
    let status = 0;
    return {
      onRequestStart: () => {},
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
        if (status !== 200) return;
        stood = true;
        subscriber.subscribed();
      },
      onResponseData: (_controller, chunk) => {
        if (status === 200) {
          backoff.reset();
          parser.feed(chunk);
          return;
        }
        countError(tally, `GET answered ${status} ${chunk.toString('utf8', 0, 200).trim()}`);
      },
      onResponseEnd: reopen,
      onResponseError: reopen,
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
