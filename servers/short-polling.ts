import type { Subscription } from '../protocol/routes.ts';
import type { Exchange } from './endpoint.ts';
import { answerGone, answerNothing, answerUpdates } from './poll-answer.ts';
import type { NodeContext } from './stream/node-context.ts';
import { pendingUpdates } from './stream/pending-updates.ts';

/** Answers at once: 200 with what is new, 204 if nothing is, 410 if the client cannot continue from its version. */
export function serveShortPoll(context: NodeContext, subscription: Subscription, { response }: Exchange): void {
  const { exchange } = context;
  exchange.note(subscription.client, 'request', null);
  const updates = pendingUpdates(context, subscription);
  if (updates === 'gone') {
    exchange.note(subscription.client, 'answer', null);
    answerGone(response);
    return;
  }
  exchange.note(subscription.client, 'answer', updates.at(-1)?.version ?? null);
  if (updates.length === 0) answerNothing(context, response);
  else answerUpdates(context, response, updates);
}
