import type { Subscription } from '../protocol/routes.ts';
import type { Exchange, HttpResponse } from './endpoint.ts';
import { answerGone, answerNothing, answerUpdate, answerUpdates } from './poll-answer.ts';
import type { Pending } from './stream/heartbeats.ts';
import type { NodeContext } from './stream/node-context.ts';
import { isFor, pendingUpdates } from './stream/pending-updates.ts';
import type { RetainedUpdate } from './stream/retained-update.ts';
import type { Subscriber } from './stream/state-stream.ts';

/** Answers as soon as there is an update: now, or when one comes; 204 at the end of the hold. */
export function serveLongPoll(context: NodeContext, subscription: Subscription, exchange: Exchange): void {
  const { response } = exchange;
  context.exchange.note(subscription.client, 'request', null);
  const updates = pendingUpdates(context, subscription);
  if (updates === 'gone') {
    context.exchange.note(subscription.client, 'answer', null);
    answerGone(response);
  } else if (updates.length === 0) {
    new HeldPoll(context, subscription, exchange);
  } else {
    context.exchange.note(subscription.client, 'answer', updates.at(-1)!.version);
    answerUpdates(context, response, updates);
  }
}

/** A request that waits for an update. A class, because a node holds thousands. */
class HeldPoll implements Subscriber {
  readonly #context: NodeContext;
  readonly #subscription: Subscription;
  readonly #response: HttpResponse;
  readonly #timer: Pending;

  constructor(context: NodeContext, subscription: Subscription, exchange: Exchange) {
    this.#context = context;
    this.#subscription = subscription;
    this.#response = exchange.response;
    context.stream.subscribe(subscription.channel, this);
    const { holdMs } = context.limits;
    this.#timer = context.heartbeats.after(Math.min(subscription.waitMs ?? 0, holdMs), () => this.#giveUp());
    // Cleans up when the client gives up while waiting. After an answer there is nothing left to do.
    exchange.onClose = () => this.#end();
  }

  follow(update: RetainedUpdate): void {
    const { client } = this.#subscription;
    if (!isFor(this.#context, client, update)) return;
    this.#end();
    this.#context.exchange.note(client, 'answer', update.version);
    answerUpdate(this.#context, this.#response, update);
  }

  #giveUp(): void {
    this.#end();
    this.#context.exchange.note(this.#subscription.client, 'answer', null);
    answerNothing(this.#context, this.#response);
  }

  #end(): void {
    this.#context.stream.unsubscribe(this.#subscription.channel, this);
    this.#timer.cancel();
  }
}
