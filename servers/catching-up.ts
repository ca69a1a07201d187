import type { Subscription } from '../protocol/routes.ts';
import type { NodeContext } from './stream/node-context.ts';

/** Far longer than the backplane takes to bring what another node has told already; then the answer is `gone`. */
const patienceMs = 5_000;

/**
 * Serves a subscription as soon as this node has the version that the client has. A client that comes from another node
 * may know more than this one for a moment: telling it `gone` would cost it the updates in between.
 *
 * A node that is alone serves at once: a version beyond its own was never given. `left`: the client did not wait.
 */
export function whenReached(
  context: NodeContext,
  { channel, after = 0 }: Subscription,
  serve: () => void,
  left: () => boolean,
): void {
  const { stream } = context;
  if (!context.oneOfSeveral || after <= stream.head(channel)) {
    serve();
    return;
  }
  const end = () => {
    clearTimeout(timer);
    unsubscribe();
    if (!left()) serve();
  };
  const unsubscribe = stream.subscribe(channel, ({ version }) => {
    // Not at once: who subscribes while an update is handed round would be handed it again.
    if (version === after) queueMicrotask(end);
  });
  const timer = setTimeout(end, patienceMs);
}
