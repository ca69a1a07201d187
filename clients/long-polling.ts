import { subscriptionUrl, updatesPath, withPosition } from '../protocol/routes.ts';
import { createBackoff } from './backoff.ts';
import { requestHeaders } from './http/headers.ts';
import { openHttpConnection } from './http/open-connection.ts';
import { wholeAnswers } from './http/whole-answer.ts';
import { receivePollAnswers } from './poll-answer.ts';
import { createPublisher } from './publisher.ts';
import type { ClientContext, Subscriber, TransportClient } from './subscriber/transport-client.ts';

/** Fetches the state once, then keeps one request held at the server, asking again as soon as it is answered. */
export function openLongPolling(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, holdMs, exchange } = context;
  const connection = openHttpConnection(context, { onReconnect: () => tally.reconnects++ });
  const publisher = createPublisher(context, subscriber, connection);
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const receive = receivePollAnswers(context, subscriber);
  const url = subscriptionUrl(updatesPath, { channel, client });
  let hasState = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const handler = wholeAnswers(
    context,
    (status, bytes, start, end, wire) => {
      if (!receive(status, bytes, start, end, wire)) {
        askLater();
        return;
      }
      backoff.reset();
      exchange.note(client, 'answer', status === 200 ? (subscriber.after() ?? null) : null);
      if (status === 204) tally.emptyAnswers++;
      if (!hasState) subscriber.subscribed();
      hasState = true;
      ask();
    },
    () => {
      if (closed) return;
      askLater();
    },
  );
  const request = connection.prepare({ method: 'GET', headers: requestHeaders(context, 'poll'), whole: true, handler });
  const ask = () => {
    if (closed) return;
    tally.requests++;
    exchange.note(client, 'request', null);
    request(withPosition(url, subscriber.after(), hasState ? holdMs : undefined));
  };
  const askLater = () => {
    hasState = false;
    subscriber.lost();
    retryTimer = setTimeout(ask, backoff.nextMs());
  };

  return {
    connect: () => {
      publisher.open();
      ask();
    },
    publish: (sequence, bytes) => publisher.publish(sequence, bytes),
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection.close();
      publisher.close();
    },
  };
}
