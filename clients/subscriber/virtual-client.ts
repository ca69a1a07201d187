import type { Clock } from '../../machine/process/clock.ts';
import type { Recorder } from '../../machine/process/recorder.ts';
import { type Codec, type Front, MalformedUpdate } from '../../protocol/codec.ts';
import type { Semantics } from '../../protocol/contract-terms.ts';
import type { Acknowledgement } from '../../protocol/socket-messages.ts';
import { type Account, type ClientLedger, openAccount } from './ledger.ts';
import type { PollUnderWay, Receipts } from './receipts.ts';
import type { Subscriber } from './transport-client.ts';

/** State and event handlers shared by the virtual clients of a process. */
export type Desk = {
  readonly clock: Clock;
  readonly codec: Codec;
  readonly semantics: Semantics;
  readonly echo: boolean;
  readonly delivery: Recorder;
  readonly receipts: Receipts;
  readonly tally: DeskTally;
  /** A client has a newer version than before. */
  readonly advanced: (client: VirtualClient) => void;
  readonly subscribed: (client: VirtualClient) => void;
  readonly lost: (client: VirtualClient) => void;
};

/**
 * Deliveries and acknowledgements of a process's clients. `updateBytes`: encoded bytes, as they travelled if
 * compressed.
 */
export type DeskTally = {
  deliveries: number;
  updateBytes: number;
  /** Bytes that compression saved; `updateBytes` is already reduced by them. */
  savedUpdateBytes: number;
  acknowledgedPublishes: number;
};

/** One of many clients in this process: its channel, its ledger and its publishes in progress. */
export type VirtualClient = {
  readonly client: number;
  readonly channel: number;
  readonly subscriber: Subscriber;
  newest(): number | undefined;
  /** Starts the window: forgets polls that were due before it. */
  begin(): void;
  /** Short polling only: a poll was due at `intendedUs`. It left just now, unless the last one is unanswered. */
  polled(intendedUs: number, left: boolean): void;
  /** The sequence of the next publish into `channel`. */
  nextSequence(channel: number): number;
  ledger(): ClientLedger;
};

/** Versions are 32 bits wide in the binary encoding. */
const highestVersion = 2 ** 32 - 1;

export function createVirtualClient(desk: Desk, client: number, channel: number): VirtualClient {
  return new OneClient(desk, client, channel);
}

/** Filled again with each delivery of this process. */
const front: Front = [0, 0, 0];

/**
 * A class, because a process has thousands of clients and none is in the cache when a delivery comes: its fields lie
 * together, and its methods exist once.
 */
class OneClient implements VirtualClient, Subscriber {
  readonly client: number;
  readonly channel: number;
  readonly #desk: Desk;
  readonly #account: Account;
  #receivedBytes = 0;
  #poll: PollUnderWay | undefined;
  #skippedUs: number | undefined;
  #sequence = 0;
  /** Publishes into its own channel without echo: only the acknowledgement reveals their version. */
  #unechoed: Set<number> | undefined;

  constructor(desk: Desk, client: number, channel: number) {
    this.client = client;
    this.channel = channel;
    this.#desk = desk;
    this.#account = openAccount(desk.semantics);
  }

  get subscriber(): Subscriber {
    return this;
  }

  // The hot path: no promise, no parsing of the payload, no object allocated here.
  update(bytes: Uint8Array, start: number, end: number): void {
    const { clock, codec, tally, delivery, receipts, advanced } = this.#desk;
    const nowUs = clock.nowUs();
    if (!codec.readFront(bytes, start, end, front)) throw new MalformedUpdate('update: does not begin or end like one');
    const version = front[0];
    if (version < 1 || version > highestVersion) throw new MalformedUpdate(`update: ${version} is no version`);
    if (front[2] !== this.channel) throw new MalformedUpdate(`update: is of channel ${front[2]}, not ${this.channel}`);
    this.#receivedBytes += end - start;
    tally.updateBytes += end - start;
    tally.deliveries++;
    if (!this.#account.receive(version)) return;
    // Version and instant come from the same bytes, so both ends of a latency belong to the same update.
    delivery.record(nowUs - front[1]);
    receipts.add(this.client, version, nowUs, this.#poll);
    advanced(this);
  }

  after(): number | undefined {
    return this.#account.newest;
  }

  joinedEmpty(): void {
    this.#account.joinEmpty();
  }

  subscribed(): void {
    this.#desk.subscribed(this);
  }

  lost(): void {
    this.#desk.lost(this);
  }

  gone(): void {
    this.#account.forget();
  }

  acknowledged({ sequence, version }: Acknowledgement): void {
    this.#desk.tally.acknowledgedPublishes++;
    if (!this.#unechoed?.delete(sequence)) return;
    this.#account.own(version);
    this.#desk.advanced(this);
  }

  compressed(wire: readonly Uint8Array[], updateBytes: number): void {
    const savedBytes = updateBytes - wire.reduce((sum, { length }) => sum + length, 0);
    this.#receivedBytes -= savedBytes;
    this.#desk.tally.updateBytes -= savedBytes;
    this.#desk.tally.savedUpdateBytes += savedBytes;
  }

  receivedBytes(): number {
    return this.#receivedBytes;
  }

  newest(): number | undefined {
    return this.#account.newest;
  }

  begin(): void {
    this.#poll = undefined;
    this.#skippedUs = undefined;
  }

  polled(intendedUs: number, left: boolean): void {
    if (left) {
      this.#poll = { dueUs: this.#skippedUs ?? intendedUs, lateUs: this.#desk.clock.nowUs() - intendedUs };
    }
    this.#skippedUs = left ? undefined : (this.#skippedUs ?? intendedUs);
  }

  nextSequence(into: number): number {
    this.#sequence++;
    if (!this.#desk.echo && into === this.channel) {
      this.#unechoed ??= new Set();
      this.#unechoed.add(this.#sequence);
    }
    return this.#sequence;
  }

  ledger(): ClientLedger {
    return { client: this.client, channel: this.channel, ...this.#account.ledger() };
  }
}
