import { publishUrl } from '../protocol/routes.ts';
import { decodeAcknowledgement } from '../protocol/socket-messages.ts';
import { createBackoff } from './backoff.ts';
import { collectAnswer } from './http/collected-answer.ts';
import { requestHeaders } from './http/headers.ts';
import { type HttpConnection, openHttpConnection } from './http/http-connection.ts';
import { type ClientContext, countError, type Subscriber } from './subscriber/transport-client.ts';

/** A proxy's own words: it could not ask the server, or got no answer (RFC 9110, 15.6). */
function isUnreached(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** What publishing does on the connection that the client asks on. */
export type Sharing = {
  /** Requests so far. */
  readonly begun: number;
  /** One of them is not answered yet. */
  readonly underWay: boolean;
};

export type Publisher = {
  /** Connects ahead, where the scenario publishes: in a long run every publisher has its connection. */
  readonly open: () => void;
  readonly publish: (sequence: number, bytes: Buffer) => void;
  /** Undefined: it has a connection of its own. */
  readonly sharing: () => Sharing | undefined;
  readonly close: () => void;
};

/**
 * Publishes by POST, in order, one at a time. It has a connection of its own, since behind a held poll a POST would wait for
 * the poll; over HTTP/2 it does not, and shares the one that the client asks on.
 */
export function createPublisher(context: ClientContext, subscriber: Subscriber, asking: HttpConnection): Publisher {
  const { tally, codec } = context;
  const shares = context.route.http === 2;
  const backoff = createBackoff(context.random);
  const queue: Buffer[] = [];
  const headers = requestHeaders(context, 'publish', [['content-type', codec.contentType]]).flat();
  const path = publishUrl(subscriber.client);
  let connection: HttpConnection | undefined;
  let sending = false;
  let begun = 0;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const handler = collectAnswer(
    context,
    (status, body) => {
      const acknowledgement = decodeAcknowledgement(body.toString('latin1'));
      sending = false;
      if (status === 200 && acknowledgement) {
        backoff.reset();
        queue.shift();
        subscriber.acknowledged(acknowledgement);
        sendNext();
      } else if (isUnreached(status)) {
        // It may have been accepted all the same, and is then known as a repeat.
        countError(tally, `POST answered ${status}`);
        retryTimer = setTimeout(sendNext, backoff.nextMs());
      } else {
        // Refused: sending the same bytes again would not help, so the ledger has to show it.
        countError(tally, `POST answered ${status} ${body.toString('utf8', 0, 200).trim()}`);
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
    connected().dispatch({ method: 'POST', path, headers, body }, handler);
  };

  const connected = () => {
    connection ??= shares ? asking : openHttpConnection(context, () => tally.reconnects++);
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
