import type { Subscription } from '../../protocol/routes.ts';
import type { Pending } from './heartbeats.ts';
import type { NodeContext } from './node-context.ts';
import { countConflated, isFor, newestFor } from './pending-updates.ts';
import type { RetainedUpdate } from './retained-update.ts';
import type { Subscriber } from './state-stream.ts';

/** An open connection into which updates are pushed. */
export type Sink = {
  send(update: RetainedUpdate): void;
  /** Bytes handed to the connection that it has not passed on. */
  unsentBytes(): number;
  heartbeat(): void;
  /** Tells the client in-band that its version is no longer retained. The reader has ended. */
  gone(): void;
  /** Tells the client in-band that it fell too far behind. The reader has ended. */
  tooSlow(): void;
};

/**
 * Pushes a channel into a connection, in order and with bounded memory.
 * A reader keeps only its place in the ring. It stops sending while the connection holds more unsent bytes than
 * allowed, and resumes when that drains: under `latest` with the newest update (skipped ones are counted as conflated),
 * under `every` with the next one, or it ends the connection if that one is no longer retained.
 */
export class StreamReader implements Subscriber {
  // First what is looked at with each update.
  #lagging = false;
  #place: number;
  #sentAtUs: number;
  /** Of the subscription. */
  readonly #client: number | undefined;
  readonly #sink: Sink;
  readonly #context: NodeContext;
  readonly #subscription: Subscription;
  #closed = false;
  #beat: Pending | undefined;

  constructor(context: NodeContext, subscription: Subscription, sink: Sink) {
    this.#context = context;
    this.#subscription = subscription;
    this.#sink = sink;
    this.#client = subscription.client;
    this.#sentAtUs = context.clock.nowUs();
    this.#place = subscription.after ?? context.stream.head(subscription.channel);
    context.stream.subscribe(subscription.channel, this);
    this.#awaitHeartbeat(context.heartbeatMs);
  }

  /** Sends what the client lacks, or `gone`; later updates follow. Call it once, right after construction. */
  start(): void {
    const { after, channel, client } = this.#subscription;
    const { stream, conflation } = this.#context;
    if (after === undefined) {
      const newest = stream.newest(channel);
      if (newest) this.#send(newest, this.#context.clock.nowUs());
      return;
    }
    if (client !== undefined) conflation.resume(client, channel, after);
    if (after > this.#head || this.#hasLostPlace()) this.#endGone();
    else this.drained();
  }

  /** Called when the connection can take more. */
  drained(): void {
    this.#lagging = false;
    while (!this.#closed && !this.#lagging && this.#place < this.#head) this.#catchUp();
  }

  close(): void {
    this.#closed = true;
    this.#context.stream.unsubscribe(this.#subscription.channel, this);
    this.#beat?.cancel();
  }

  follow(update: RetainedUpdate): void {
    if (this.#lagging) {
      if (this.#hasLostPlace()) this.#endTooSlow();
    } else if (isFor(this.#context, this.#client, update)) {
      this.#send(update, update.acceptedUs);
    } else {
      this.#place = update.version;
    }
  }

  #catchUp(): void {
    const { stream, semantics } = this.#context;
    const { channel, client } = this.#subscription;
    if (this.#hasLostPlace()) {
      this.#endTooSlow();
      return;
    }
    const next =
      semantics === 'latest'
        ? newestFor(this.#context, this.#subscription, this.#place)
        : stream.at(channel, this.#place + 1);
    if (!next) {
      this.#place = this.#head;
    } else if (isFor(this.#context, client, next)) {
      countConflated(this.#context, this.#subscription, this.#place, next.version);
      this.#send(next, this.#context.clock.nowUs());
    } else {
      this.#place = next.version;
    }
  }

  /** `nowUs`: of an update just accepted that instant, so that not every reader looks at the clock. */
  #send(update: RetainedUpdate, nowUs: number): void {
    this.#place = update.version;
    this.#sentAtUs = nowUs;
    this.#context.exchange.note(this.#client, 'update', update.version);
    this.#sink.send(update);
    if (this.#sink.unsentBytes() > this.#context.limits.unsentBytes) {
      this.#lagging = true;
      this.#context.tally.slowReaders++;
    }
  }

  #endGone(): void {
    this.close();
    this.#sink.gone();
  }

  #endTooSlow(): void {
    this.close();
    this.#sink.tooSlow();
  }

  /** Whether the next update is gone. Only under `every`: under `latest` the newest is always there. */
  #hasLostPlace(): boolean {
    const { stream, semantics } = this.#context;
    if (semantics === 'latest' || this.#place >= this.#head) return false;
    return stream.at(this.#subscription.channel, this.#place + 1) === undefined;
  }

  get #head(): number {
    return this.#context.stream.head(this.#subscription.channel);
  }

  // Heartbeats only break silence: after a send, the timer waits for the rest of the interval.
  #awaitHeartbeat(delayMs: number): void {
    const { heartbeats, heartbeatMs, clock, tally } = this.#context;
    const armedAtUs = clock.nowUs();
    this.#beat = heartbeats.after(delayMs, () => {
      if (this.#sentAtUs > Math.max(armedAtUs, heartbeats.settledUs)) {
        this.#awaitHeartbeat(Math.max(0, heartbeatMs - (clock.nowUs() - this.#sentAtUs) / 1000));
        return;
      }
      tally.heartbeats++;
      this.#sink.heartbeat();
      this.#awaitHeartbeat(heartbeatMs);
    });
  }
}
