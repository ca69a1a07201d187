import { subscriptionUrl, updatesPath } from '../protocol/routes.ts';
import { createBackoff } from './backoff.ts';
import { collectAnswer } from './http/collected-answer.ts';
import { requestHeaders } from './http/headers.ts';
import { openHttpConnection } from './http/http-connection.ts';
import { receivePollAnswer } from './poll-answer.ts';
import { createPublisher } from './publisher.ts';
import { type ClientContext, known, type Subscriber, type TransportClient } from './subscriber/transport-client.ts';

/** Fetches the state once, then keeps one request held at the server, asking again as soon as it is answered. */
export function openLongPolling(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, holdMs, exchange } = context;
  const connection = openHttpConnection(context, () => tally.reconnects++);
  const publisher = createPublisher(context, subscriber, connection);
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const headers = requestHeaders(context, 'poll').flat();
  let hasState = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const handler = collectAnswer(
    context,
    (status, body, wire) => {
      if (!receivePollAnswer(context, subscriber, status, body, wire)) {
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
  const ask = () => {
    if (closed) return;
    tally.requests++;
    exchange.note(client, 'request', null);
    const path = subscriptionUrl(updatesPath, {
      channel,
      client,
      ...known(subscriber),
      ...(hasState && { waitMs: holdMs }),
    });
    connection.dispatch({ method: 'GET', path, headers }, handler);
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
    publish: publisher.publish,
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection.close();
      publisher.close();
    },
  };
}
