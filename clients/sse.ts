import type { HeaderLine } from '../network/route/browser-headers.ts';
import { eventsPath, subscriptionUrl } from '../protocol/routes.ts';
import { eventNames } from '../protocol/socket-messages.ts';
import { AnswerFault } from '../protocol/wire/answer-parser.ts';
import { createSseParser, type SseParser } from '../protocol/wire/sse-parser.ts';
import { reasonOf } from '../text/reason.ts';
import { backoffBaseMs, createBackoff } from './backoff.ts';
import { type CompressedStream, isGzip, openCompressedStream, whyUnreadable } from './http/compressed-stream.ts';
import { requestHeaders } from './http/headers.ts';
import type { AnswerHandler } from './http/http-connection.ts';
import { openHttpConnection } from './http/open-connection.ts';
import { createWireCount } from './http/wire-count.ts';
import { textFor } from './poll-answer.ts';
import { createPublisher } from './publisher.ts';
import {
  type ClientContext,
  countError,
  type Subscriber,
  type TransportClient,
} from './subscriber/transport-client.ts';

/** The answer in progress. */
type Reading = {
  readonly parser: SseParser;
  readonly compressed: CompressedStream | undefined;
  readonly failed: (error: unknown) => void;
};

/** Reads one endless answer. When it ends, waits and asks again from the newest version. */
export function openSse(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, codec, exchange } = context;
  const connection = openHttpConnection(context, { onReconnect: () => {} });
  const publisher = createPublisher(context, subscriber, connection);
  let retryMs = backoffBaseMs;
  const backoff = createBackoff(context.random, () => retryMs);
  const { client, channel } = subscriber;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let stood = false;

  /** What is read of the answer in progress. */
  let reading: Reading | undefined;
  let status = 0;

  const parserFor = (other: () => void) =>
    createSseParser({
      onEvent: (type, bytes, start, end) => {
        if (type !== 'message') other();
        if (type === eventNames.gone) subscriber.gone();
        if (type !== 'message') return;
        if (codec.encoding === 'json') subscriber.update(bytes, start, end);
        else updateFromBase64(subscriber, bytes, start, end);
        backoff.reset();
        exchange.note(client, 'update', subscriber.after() ?? null);
      },
      onRetry: (ms) => {
        retryMs = ms;
      },
      onComment: () => {
        backoff.reset();
        other();
      },
    });
  const readingOf = (contentEncoding: string | undefined, abort: (error: Error) => void): Reading => {
    const failed = (error: unknown) => abort(new AnswerFault(`unreadable event: ${reasonOf(error)}`));
    if (!isGzip(contentEncoding)) return { parser: parserFor(() => {}), compressed: undefined, failed };
    const wireCount = createWireCount(subscriber);
    const parser = parserFor(wireCount.other);
    const compressed = openCompressedStream({ read: parser.feed, taken: wireCount.taken, failed });
    return { parser, compressed, failed };
  };
  const read = ({ parser, compressed, failed }: Reading, bytes: Uint8Array, start: number, end: number) => {
    if (compressed) {
      // A copy: what is not decompressed at once lies in a buffer that is read into again.
      compressed.write(new Uint8Array(bytes.subarray(start, end)));
      return;
    }
    try {
      parser.feed(bytes, start, end);
    } catch (error) {
      failed(error);
    }
  };

  const open = () => {
    tally.requests++;
    const after = subscriber.after();
    // A browser reconnects with this header and an unchanged URL.
    const own: HeaderLine[] = [['accept', 'text/event-stream']];
    if (after !== undefined) own.push(['last-event-id', String(after)]);
    const headers = requestHeaders(context, after === undefined ? 'events' : 'resume', own);
    const request = connection.prepare({ method: 'GET', headers, whole: false, handler });
    request(subscriptionUrl(eventsPath, { channel, client }));
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
  const over = () => {
    const compressed = reading?.compressed;
    reading = undefined;
    // Reads what came before the end first: the next request reports the newest version.
    if (compressed) compressed.finish(reopen);
    else reopen();
  };
  const handler: AnswerHandler = {
    onHead: (answered, contentEncoding, abort) => {
      status = answered;
      if (status !== 200) return;
      const why = whyUnreadable(contentEncoding, context.route);
      if (why !== undefined) {
        abort(new AnswerFault(why));
        return;
      }
      reading = readingOf(contentEncoding, abort);
      stood = true;
      subscriber.subscribed();
    },
    onBody: (bytes, start, end) => {
      if (status !== 200) countError(tally, `GET answered ${status} ${textFor(bytes, start, end)}`);
      else if (reading) read(reading, bytes, start, end);
    },
    onEnd: over,
    onError: over,
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

function updateFromBase64(subscriber: Subscriber, bytes: Uint8Array, start: number, end: number): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const update = Buffer.from(text, 'base64');
  subscriber.update(update, 0, update.length);
}
