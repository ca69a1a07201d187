import type { Subscription } from '../../protocol/routes.ts';
import type { NodeContext } from './node-context.ts';
import type { RetainedUpdate } from './retained-update.ts';

/** Whether the client receives this update: with `echo` off it does not receive its own. */
export function isFor(context: NodeContext, client: number | undefined, update: RetainedUpdate): boolean {
  return context.echo || client === undefined || update.publisher !== client;
}

/**
 * The updates that a client lacks: all after its version (`every`), only the newest (`latest`), or the current state
 * when it has no version. `gone`: it cannot continue from its version.
 */
export function pendingUpdates(context: NodeContext, subscription: Subscription): readonly RetainedUpdate[] | 'gone' {
  const { channel, client, after } = subscription;
  if (after === undefined) return [context.stream.newest(channel)].filter((update) => update !== undefined);
  if (client !== undefined) context.conflation.resume(client, channel, after);
  if (context.semantics === 'latest') return newestAfter(context, subscription, after);
  const updates = context.stream.after(channel, after);
  return updates === 'gone' || context.echo ? updates : updates.filter((update) => isFor(context, client, update));
}

function newestAfter(
  context: NodeContext,
  subscription: Subscription,
  after: number,
): readonly RetainedUpdate[] | 'gone' {
  if (after > context.stream.head(subscription.channel)) return 'gone';
  const update = newestFor(context, subscription, after);
  if (!update) return [];
  countConflated(context, subscription, after, update.version);
  return [update];
}

/** The newest update after `after` that the client receives; undefined when there is none. */
export function newestFor(
  context: NodeContext,
  { channel, client }: Subscription,
  after: number,
): RetainedUpdate | undefined {
  for (let version = context.stream.head(channel); version > after; version--) {
    const update = context.stream.at(channel, version);
    if (!update || isFor(context, client, update)) return update;
  }
  return undefined;
}

/**
 * Counts the updates skipped between `after` and `version`, the next one sent; the client's own are excluded without
 * `echo`.
 */
export function countConflated(
  context: NodeContext,
  { channel, client }: Subscription,
  after: number,
  version: number,
): void {
  if (client === undefined) return;
  let own = 0;
  for (let between = after + 1; !context.echo && between < version; between++) {
    const update = context.stream.at(channel, between);
    if (update && !isFor(context, client, update)) own++;
  }
  context.conflation.record(client, channel, version, version - after - 1 - own);
}
