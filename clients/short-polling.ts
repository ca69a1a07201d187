import { subscriptionUrl, updatesPath, withPosition } from '../protocol/routes.ts';
import { createBackoff } from './backoff.ts';
import { createDrainCount } from './drain-count.ts';
import { requestHeaders } from './http/headers.ts';
import { openHttpConnection } from './http/open-connection.ts';
import { wholeAnswers } from './http/whole-answer.ts';
import { receivePollAnswers } from './poll-answer.ts';
import { createPollMeter } from './poll-meter.ts';
import { createPublisher } from './publisher.ts';
import type { ClientContext, Subscriber, TransportClient } from './subscriber/transport-client.ts';

/** Polls when told to, one poll at a time. The caller schedules the polls. */
export function openShortPolling(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, exchange } = context;
  const connection = openHttpConnection(context, {
    onReconnect: () => tally.reconnects++,
    onLost: () => {
      // Often between two polls: the client learns nothing new until the next one is answered.
      subscribed = false;
      subscriber.lost();
    },
  });
  const publisher = createPublisher(context, subscriber, connection);
  const meter = createPollMeter(() => ({
    sockets: connection.socketBytes(),
    updateBytes: subscriber.receivedBytes(),
    sharing: publisher.sharing(),
  }));
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const receive = receivePollAnswers(context, subscriber);
  const url = subscriptionUrl(updatesPath, { channel, client });
  let waiting = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let subscribed = false;
  let closed = false;
  /** Whether the poll in progress began after the window. */
  let isAfterWindow = false;
  let requests = 0;
  /** Whether the window's first poll brought updates; undefined until it is answered. */
  let firstBrought: boolean | undefined;
  const drain = createDrainCount(tally);
  /**
   * Only the polls after the window are taken out of its bytes. Where publishes share the connection, the cost of earlier
   * polls stands in for that of later ones.
   */
  const isMetered = () => isAfterWindow || context.route.http === 2;

  const handler = wholeAnswers(
    context,
    (status, bytes, start, end, wire) => {
      waiting = false;
      if (!receive(status, bytes, start, end, wire)) {
        retryLater();
        return;
      }
      backoff.reset();
      exchange.note(client, 'answer', status === 200 ? (subscriber.after() ?? null) : null);
      const cost = isMetered() ? meter.end(status) : undefined;
      if (!isAfterWindow) firstBrought ??= status === 200;
      else if (cost && firstBrought !== false) drain.surplus(cost.updateBytes);
      if (isAfterWindow && cost?.framing) drain.poll(cost.framing);
      else if (status === 204) tally.emptyAnswers++;
      if (!subscribed) {
        subscribed = true;
        subscriber.subscribed();
      }
    },
    () => {
      if (closed) return;
      retryLater();
    },
  );
  const request = connection.prepare({ method: 'GET', headers: requestHeaders(context, 'poll'), whole: true, handler });
  const ask = () => {
    waiting = true;
    requests++;
    tally.requests++;
    if (isMetered()) meter.begin(subscribed);
    exchange.note(client, 'request', null);
    request(withPosition(url, subscriber.after(), undefined));
  };
  // The client counts as busy while it waits, so that no scheduled poll runs before the retry.
  const retryLater = () => {
    waiting = true;
    subscribed = false;
    subscriber.lost();
    isAfterWindow = false;
    retryTimer = setTimeout(ask, backoff.nextMs());
  };

  return {
    connect: () => {
      publisher.open();
      ask();
    },
    poll: (afterWindow) => {
      if (waiting) return false;
      isAfterWindow = afterWindow;
      ask();
      return true;
    },
    begin: () => {
      firstBrought = undefined;
    },
    traffic: () => ({
      ...connection.socketBytes(),
      requests,
      ...drain.soFar(),
    }),
    publish: (sequence, bytes) => publisher.publish(sequence, bytes),
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection.close();
      publisher.close();
    },
  };
}
