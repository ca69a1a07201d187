import { subscriptionUrl, updatesPath } from '../protocol/routes.ts';
import { createBackoff } from './backoff.ts';
import { collectAnswer } from './collected-answer.ts';
import { openHttpConnection } from './http-connection.ts';
import { receivePollAnswer } from './poll-answer.ts';
import { createPublisher } from './publisher.ts';
import { known } from './short-polling.ts';
import type { ClientContext, Subscriber, TransportClient } from './transport-client.ts';

/** Fetches the state once, then always has one request held at the server, asking again as soon as one is answered. */
export function openLongPolling(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, holdMs } = context;
  const connection = openHttpConnection(context);
  const publisher = createPublisher(context, subscriber);
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  // The first hold is cut at random, so that the holds of many clients do not end together ever after.
  const firstHoldMs = Math.ceil(holdMs * context.random());
  let answered = 0;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const handler = collectAnswer(
    (status, body) => {
      if (!receivePollAnswer(context, subscriber, status, body)) {
        askLater();
        return;
      }
      backoff.reset();
      answered++;
      if (answered === 1) subscriber.subscribed();
      ask();
    },
    () => {
      if (closed) return;
      tally.reconnects++;
      askLater();
    },
  );
  const wait = () => (answered === 0 ? {} : { waitMs: answered === 1 ? firstHoldMs : holdMs });
  const ask = () => {
    if (closed) return;
    tally.requests++;
    const path = subscriptionUrl(updatesPath, { channel, client, ...known(subscriber), ...wait() });
    connection.dispatch({ method: 'GET', path }, handler);
  };
  const askLater = () => {
    answered = 0;
    retryTimer = setTimeout(ask, backoff.nextMs());
  };

  return {
    connect: ask,
    publish: publisher.publish,
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection.close();
      publisher.close();
    },
  };
}
