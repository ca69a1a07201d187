import type { ByteCount } from '../network/socket-bytes.ts';
import { subscriptionUrl, updatesPath } from '../protocol/routes.ts';
import { createBackoff } from './backoff.ts';
import { collectAnswer } from './collected-answer.ts';
import { requestHeaders } from './headers.ts';
import { openHttpConnection } from './http-connection.ts';
import { receivePollAnswer } from './poll-answer.ts';
import { createPublisher } from './publisher.ts';
import { type ClientContext, known, type Subscriber, type TransportClient } from './transport-client.ts';

/** Asks when it is told to, one poll at a time. Whoever schedules the polls decides how often. */
export function openShortPolling(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, exchange } = context;
  const connection = openHttpConnection(
    context,
    () => tally.reconnects++,
    () => {
      // Often between two polls: until the next one is answered the client knows nothing new.
      subscribed = false;
      subscriber.lost();
    },
  );
  const publisher = createPublisher(context, subscriber, connection);
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const headers = requestHeaders(context, 'poll').flat();
  let waiting = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let subscribed = false;
  let closed = false;
  /** Socket and update bytes when a poll began that the window did not ask for. */
  let before: { readonly sockets: ByteCount; readonly updates: number } | undefined;
  let requests = 0;
  /** Whether the first poll of the window brought updates; undefined until it is answered. */
  let firstBrought: boolean | undefined;
  const drain = { requests: 0, readBytes: 0, writtenBytes: 0, surplusUpdateBytes: 0 };

  const handler = collectAnswer(
    context,
    (status, body, wire) => {
      waiting = false;
      if (!receivePollAnswer(context, subscriber, status, body, wire)) {
        retryLater();
        return;
      }
      backoff.reset();
      exchange.note(client, 'answer', status === 200 ? (subscriber.after() ?? null) : null);
      if (before) {
        countDrain(before);
      } else {
        if (status === 204) tally.emptyAnswers++;
        firstBrought ??= status === 200;
      }
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
  const ask = () => {
    waiting = true;
    requests++;
    tally.requests++;
    exchange.note(client, 'request', null);
    const path = subscriptionUrl(updatesPath, { channel, client, ...known(subscriber) });
    connection.dispatch({ method: 'GET', path, headers }, handler);
  };
  // Until the wait is over the client counts as busy, so that scheduled polls do not pass it by.
  const retryLater = () => {
    waiting = true;
    subscribed = false;
    subscriber.lost();
    before = undefined;
    retryTimer = setTimeout(ask, backoff.nextMs());
  };
  const countDrain = (start: { readonly sockets: ByteCount; readonly updates: number }) => {
    const now = connection.socketBytes();
    const since = (name: keyof ByteCount) => now[name] - start.sockets[name];
    const updates = subscriber.receivedBytes() - start.updates;
    const surplus = firstBrought === false ? 0 : updates;
    drain.requests++;
    drain.writtenBytes += since('writtenBytes');
    drain.readBytes += since('readBytes') - updates;
    tally.drainRequests++;
    tally.drainUpFramingBytes += since('plainWrittenBytes');
    tally.drainDownFramingBytes += since('plainReadBytes') - updates;
    tally.drainUpTlsBytes += since('writtenBytes') - since('plainWrittenBytes');
    tally.drainDownTlsBytes += since('readBytes') - since('plainReadBytes');
    drain.surplusUpdateBytes += surplus;
    tally.surplusUpdateBytes += surplus;
    before = undefined;
  };

  return {
    connect: () => {
      publisher.open();
      ask();
    },
    poll: (afterWindow) => {
      if (waiting) return false;
      if (afterWindow) before = { sockets: connection.socketBytes(), updates: subscriber.receivedBytes() };
      ask();
      return true;
    },
    begin: () => {
      firstBrought = undefined;
    },
    traffic: () => ({
      ...connection.socketBytes(),
      requests,
      drainRequests: drain.requests,
      drainReadBytes: drain.readBytes,
      drainWrittenBytes: drain.writtenBytes,
      surplusUpdateBytes: drain.surplusUpdateBytes,
    }),
    publish: publisher.publish,
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      connection.close();
      publisher.close();
    },
  };
}
