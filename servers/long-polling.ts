import type { Subscription } from '../protocol/routes.ts';
import type { Exchange, HttpResponse } from './endpoint.ts';
import { answerGone, answerNothing, answerUpdates } from './poll-answer.ts';
import type { NodeContext } from './stream/node-context.ts';
import { isFor, pendingUpdates } from './stream/pending-updates.ts';

/** Answers as soon as there is an update: now, or when one comes; 204 at the end of the hold. */
export function serveLongPoll(context: NodeContext, subscription: Subscription, { response }: Exchange): void {
  const { exchange } = context;
  exchange.note(subscription.client, 'request', null);
  const updates = pendingUpdates(context, subscription);
  if (updates === 'gone') {
    exchange.note(subscription.client, 'answer', null);
    answerGone(response);
  } else if (updates.length === 0) {
    hold(context, subscription, response);
  } else {
    exchange.note(subscription.client, 'answer', updates.at(-1)!.version);
    answerUpdates(context, response, updates);
  }
}

function hold(context: NodeContext, { channel, client, waitMs }: Subscription, response: HttpResponse): void {
  const release = () => {
    unsubscribe();
    timer.cancel();
    response.off('close', release);
  };
  const unsubscribe = context.stream.subscribe(channel, (update) => {
    if (!isFor(context, client, update)) return;
    release();
    context.exchange.note(client, 'answer', update.version);
    answerUpdates(context, response, [update]);
  });
  const timer = context.heartbeats.after(Math.min(waitMs ?? 0, context.limits.holdMs), () => {
    release();
    context.exchange.note(client, 'answer', null);
    answerNothing(context, response);
  });
  // Cleans up when the client gives up while waiting.
  response.once('close', release);
}
