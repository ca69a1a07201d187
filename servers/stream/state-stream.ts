import type { Clock } from '../../machine/process/clock.ts';
import type { Codec } from '../../protocol/codec.ts';
import type { Limits } from '../../protocol/limits.ts';
import { RetainedUpdate } from './retained-update.ts';

/** An update without a version. `publisher`: the client's number, or one of `publishers`. */
export type Arrival = {
  readonly channel: number;
  readonly intendedUs: number;
  readonly payload: Uint8Array;
  readonly publisher: number;
};

/** An update with its version. */
export type Accepted = Omit<Arrival, 'payload'> & { readonly version: number };

/** Follows a channel. An object rather than a function, because a node has thousands and each has state of its own. */
export type Subscriber = { follow(update: RetainedUpdate): void };

type Retention = Pick<Limits, 'retainedUpdates' | 'retainedBytes'>;

export type StreamOptions = {
  readonly channels: number;
  /** The first so many have readers and get broadcasts; absent: all. */
  readonly readChannels?: number | undefined;
  readonly codec: Codec;
  readonly retention: Retention;
  readonly clock: Pick<Clock, 'nowUs'>;
  /** Called for every update before any subscriber receives it. */
  readonly onAccepted?: ((accepted: Accepted) => void) | undefined;
};

const none: readonly RetainedUpdate[] = [];

/** Retained updates of one channel. Versions are contiguous, so a version's index follows by subtraction. */
class Channel {
  readonly subscribers = new Set<Subscriber>();
  head = 0;
  #updates: RetainedUpdate[] = [];
  #first = 0;
  #bytes = 0;

  get newest(): RetainedUpdate | undefined {
    return this.#updates.at(-1);
  }

  get oldestVersion(): number {
    return this.head - (this.#updates.length - this.#first) + 1;
  }

  at(version: number): RetainedUpdate | undefined {
    const index = version - this.oldestVersion;
    return index < 0 ? undefined : this.#updates[this.#first + index];
  }

  push(update: RetainedUpdate, { retainedUpdates, retainedBytes }: Retention): void {
    this.head = update.version;
    this.#updates.push(update);
    this.#bytes += update.encoded.length;
    while (this.#length > 1 && (this.#length > retainedUpdates || this.#bytes > retainedBytes)) this.#dropOldest();
  }

  get #length(): number {
    return this.#updates.length - this.#first;
  }

  #dropOldest(): void {
    this.#bytes -= this.#updates[this.#first]!.encoded.length;
    this.#first++;
    // Shifting the array on every drop would copy it; dropping half at a time has constant cost on average.
    if (this.#first > 32 && this.#first * 2 > this.#updates.length) {
      this.#updates = this.#updates.slice(this.#first);
      this.#first = 0;
    } else {
      this.#updates[this.#first - 1] = undefined as unknown as RetainedUpdate;
    }
  }
}

/**
 * The state that all transports expose: per channel a version counter, a bounded ring of updates, and subscribers.
 * Every method runs within one turn of the event loop, so a reader that reads the ring and then subscribes misses
 * nothing. Subscribers are called in the order of subscription: a fan-out is a queue.
 */
export class StateStream {
  readonly channels: number;
  readonly #codec: Codec;
  readonly #retention: Retention;
  readonly #byChannel: readonly Channel[];
  readonly #clock: Pick<Clock, 'nowUs'>;
  readonly #onAccepted: StreamOptions['onAccepted'];
  readonly #readChannels: number;

  constructor({ channels, readChannels = channels, codec, retention, clock, onAccepted }: StreamOptions) {
    this.channels = channels;
    this.#codec = codec;
    this.#retention = retention;
    this.#clock = clock;
    this.#onAccepted = onAccepted;
    this.#readChannels = readChannels;
    this.#byChannel = Array.from({ length: channels }, () => new Channel());
  }

  /** Gives the next version, encodes once, retains the update and calls all subscribers of its channel. */
  accept({ channel, intendedUs, payload, publisher }: Arrival): RetainedUpdate {
    const target = this.#channel(channel);
    const version = target.head + 1;
    this.#onAccepted?.({ channel, version, publisher, intendedUs });
    const encoded = this.#codec.encode({ channel, version, intendedUs, payload });
    const update = new RetainedUpdate(
      { version, publisher, acceptedUs: this.#clock.nowUs() },
      encoded,
      this.#codec.encoding,
    );
    target.push(update, this.#retention);
    for (const subscriber of target.subscribers) subscriber.follow(update);
    return update;
  }

  /** Accepts an update in each channel that has readers. */
  acceptBroadcast(arrival: Omit<Arrival, 'channel'>): void {
    for (let channel = 0; channel < this.#readChannels; channel++) this.accept({ ...arrival, channel });
  }

  /** The newest version of a channel; 0 before the first update. */
  head(channel: number): number {
    return this.#channel(channel).head;
  }

  newest(channel: number): RetainedUpdate | undefined {
    return this.#channel(channel).newest;
  }

  /** The update of this version; undefined when no longer retained. */
  at(channel: number, version: number): RetainedUpdate | undefined {
    return this.#channel(channel).at(version);
  }

  /** The retained updates after `version`, oldest first; `gone` if one is missing or the version was never given. */
  after(channel: number, version: number): readonly RetainedUpdate[] | 'gone' {
    const target = this.#channel(channel);
    if (version > target.head || version + 1 < target.oldestVersion) return 'gone';
    if (version === target.head) return none;
    const updates: RetainedUpdate[] = [];
    for (let next = version + 1; next <= target.head; next++) updates.push(target.at(next)!);
    return updates;
  }

  /** Tells the subscriber of every update from now on, until it unsubscribes. */
  subscribe(channel: number, subscriber: Subscriber): void {
    this.#channel(channel).subscribers.add(subscriber);
  }

  unsubscribe(channel: number, subscriber: Subscriber): void {
    this.#channel(channel).subscribers.delete(subscriber);
  }

  subscribers(channel: number): number {
    return this.#channel(channel).subscribers.size;
  }

  #channel(channel: number): Channel {
    const found = this.#byChannel[channel];
    if (!found) throw new RangeError(`channel ${channel} is unknown, 0 to ${this.channels - 1} exist`);
    return found;
  }
}
