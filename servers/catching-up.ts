import type { Subscription } from '../protocol/routes.ts';
import type { NodeContext } from './stream/node-context.ts';
import type { Subscriber } from './stream/state-stream.ts';

/**
 * Far longer than the backplane needs to bring an update that another node has already sent. After it the answer is
 * `gone`.
 */
const patienceMs = 5_000;

/**
 * Whether this node has the client's version. A client that comes from another node may briefly be ahead of this one;
 * answering `gone` would cost it the updates in between. A single node never gave a version beyond its own.
 */
export function hasReached({ oneOfSeveral, stream }: NodeContext, { channel, after = 0 }: Subscription): boolean {
  return !oneOfSeveral || after <= stream.head(channel);
}

/** Serves a subscription once this node has the client's version. `left`: whether the client has gone meanwhile. */
export function whenReached(
  { stream }: NodeContext,
  { channel, after = 0 }: Subscription,
  serve: () => void,
  left: () => boolean,
): void {
  const end = () => {
    clearTimeout(timer);
    stream.unsubscribe(channel, watching);
    if (!left()) serve();
  };
  const watching: Subscriber = {
    follow: ({ version }) => {
      // Deferred: a subscriber added while an update is being delivered would get that update again.
      if (version === after) queueMicrotask(end);
    },
  };
  stream.subscribe(channel, watching);
  const timer = setTimeout(end, patienceMs);
}
