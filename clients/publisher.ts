import { publishUrl } from '../protocol/routes.ts';
import { decodeAcknowledgement } from '../protocol/socket-messages.ts';
import { createBackoff } from './backoff.ts';
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
  readonly open: () => void;
  readonly publish: (sequence: number, bytes: Uint8Array) => void;
  /** Undefined when publishes have their own connection. */
  readonly sharing: () => Sharing | undefined;
  readonly close: () => void;
};

/**
 * Publishes by POST, in order, one at a time. Over HTTP/1.1 it has its own connection, because a POST behind a held
 * poll would wait for the poll. Over HTTP/2 it shares `asking`, the connection that the client polls on.
 */
export function createPublisher(context: ClientContext, subscriber: Subscriber, asking: HttpConnection): Publisher {
  const { tally, codec, exchange } = context;
  const shares = context.route.http === 2;
  const backoff = createBackoff(context.random);
  const queue: Uint8Array[] = [];
  const headers = requestHeaders(context, 'publish', [['content-type', codec.contentType]]);
  const path = publishUrl(subscriber.client);
  let connection: HttpConnection | undefined;
  let request: SendRequest | undefined;
  let sending = false;
  let begun = 0;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const handler = wholeAnswers(
    context,
    (status, bytes, start, end) => {
      const acknowledgement = decodeAcknowledgement(textFor(bytes, start, end));
      sending = false;
      if (status === 200 && acknowledgement) {
        backoff.reset();
        queue.shift();
        exchange.noteAcknowledgement(subscriber.client, acknowledgement.sequence);
        subscriber.acknowledged(acknowledgement);
        sendNext();
      } else if (isUnreached(status)) {
        // The server may have accepted it; it then recognises the repeat.
        countError(tally, `POST answered ${status}`);
        retryTimer = setTimeout(sendNext, backoff.nextMs());
      } else {
        // Refused: resending would not help. The ledger shows the loss.
        countError(tally, `POST answered ${status} ${textFor(bytes, start, end)}`);
        queue.shift();
        sendNext();
      }
    },
    () => {
      if (closed) return;
      sending = false;
      retryTimer = setTimeout(sendNext, backoff.nextMs());
    },
  );
  const sendNext = () => {
    const body = queue[0];
    if (sending || closed || !body) return;
    sending = true;
    begun++;
    tally.requests++;
    exchange.notePublish(subscriber.client, codec, body);
    request ??= connected().prepare({ method: 'POST', headers, whole: true, handler });
    request(path, body);
  };

  const connected = () => {
    connection ??= shares ? asking : openHttpConnection(context, { onReconnect: () => tally.reconnects++ });
    return connection;
  };

  return {
    open: () => {
      if (context.publishes && !shares) connected().open();
    },
    publish: (_sequence, bytes) => {
      queue.push(bytes);
      sendNext();
    },
    sharing: () => (shares ? { begun, underWay: sending } : undefined),
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection?.close();
    },
  };
}
