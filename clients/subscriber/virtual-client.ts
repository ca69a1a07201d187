import type { Clock } from '../../machine/process/clock.ts';
import type { Recorder } from '../../machine/process/recorder.ts';
import { type Codec, type Front, MalformedUpdate } from '../../protocol/codec.ts';
import type { Semantics } from '../../protocol/contract-terms.ts';
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
  readonly newest: () => number | undefined;
  /** Short polling only: a poll was due at `intendedUs`. It left just now, unless the last one is unanswered. */
  readonly polled: (intendedUs: number, left: boolean) => void;
  /** The sequence of the next publish into `channel`. */
  readonly nextSequence: (channel: number) => number;
  readonly ledger: () => ClientLedger;
};

/** Versions are 32 bits wide in the binary encoding. */
const highestVersion = 2 ** 32 - 1;

export function createVirtualClient(desk: Desk, client: number, channel: number): VirtualClient {
  const { clock, codec, delivery, receipts, tally } = desk;
  const account: Account = openAccount(desk.semantics);
  let sequence = 0;
  // Publishes into its own channel without echo: only the acknowledgement reveals their version.
  const unechoed = new Set<number>();
  let receivedBytes = 0;
  let poll: PollUnderWay | undefined;
  let skippedUs: number | undefined;
  const front: Front = [0, 0, 0];

  // The hot path: no promise, no parsing of the payload, no object allocated here.
  const update = (bytes: Uint8Array, start: number, end: number) => {
    const nowUs = clock.nowUs();
    if (!codec.readFront(bytes, start, end, front)) throw new MalformedUpdate('update: does not begin or end like one');
    const version = front[0];
    if (version < 1 || version > highestVersion) throw new MalformedUpdate(`update: ${version} is no version`);
    if (front[2] !== channel) throw new MalformedUpdate(`update: is of channel ${front[2]}, not ${channel}`);
    receivedBytes += end - start;
    tally.updateBytes += end - start;
    tally.deliveries++;
    if (!account.receive(version)) return;
    // Version and instant come from the same bytes, so both ends of a latency belong to the same update.
    delivery.record(nowUs - front[1]);
    receipts.add(client, version, nowUs, poll);
    desk.advanced(self);
  };
  const self: VirtualClient = {
    client,
    channel,
    subscriber: {
      client,
      channel,
      after: () => account.newest,
      update,
      joinedEmpty: account.joinEmpty,
      subscribed: () => desk.subscribed(self),
      lost: () => desk.lost(self),
      gone: account.forget,
      acknowledged: (acknowledgement) => {
        tally.acknowledgedPublishes++;
        if (!unechoed.delete(acknowledgement.sequence)) return;
        account.own(acknowledgement.version);
        desk.advanced(self);
      },
      compressed: (wire, updateBytes) => {
        const savedBytes = updateBytes - wire.reduce((sum, { length }) => sum + length, 0);
        receivedBytes -= savedBytes;
        tally.updateBytes -= savedBytes;
        tally.savedUpdateBytes += savedBytes;
      },
      receivedBytes: () => receivedBytes,
    },
    newest: () => account.newest,
    polled: (intendedUs, left) => {
      if (left) poll = { dueUs: skippedUs ?? intendedUs, lateUs: clock.nowUs() - intendedUs };
      skippedUs = left ? undefined : (skippedUs ?? intendedUs);
    },
    nextSequence: (into) => {
      sequence++;
      if (!desk.echo && into === channel) unechoed.add(sequence);
      return sequence;
    },
    ledger: () => ({ client, channel, ...account.ledger() }),
  };
  return self;
}
