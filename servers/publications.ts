import { type Codec, MalformedUpdate } from '../protocol/codec.ts';
import type { Acknowledgement } from '../protocol/socket-messages.ts';
import type { Update } from '../protocol/update.ts';
import type { Arrival } from './state-stream.ts';

/** A publish that the contract does not allow; the message says which field and what is allowed. */
export class BadPublish extends Error {
  override readonly name = 'BadPublish';
}

/** Where a publish gets its version: in the node itself, or at a broker. Calls back once it has one. */
export type Sequencer = (arrival: Arrival, accepted: (version: number) => void) => void;

// A client may have this many publishes under way; a repeat of an older one can't be told apart and is refused.
const rememberedPublishes = 1024;

type Publisher = { newest: number; readonly versions: Map<number, number> };

/**
 * What clients publish: checked, given a version once, acknowledged as often as it is sent.
 *
 * A client numbers its publishes 1, 2, 3 …; after a lost connection it sends again what was not acknowledged.
 */
export class Publications {
  repeats = 0;
  readonly #codec: Codec;
  readonly #channels: number;
  readonly #sequencer: Sequencer;
  readonly #publishers = new Map<number, Publisher>();

  constructor(codec: Codec, channels: number, sequencer: Sequencer) {
    this.#codec = codec;
    this.#channels = channels;
    this.#sequencer = sequencer;
  }

  /** Throws `BadPublish`. `acknowledged` is called now or later, also for a repeat, with the version first given. */
  receive(client: number | undefined, bytes: Buffer, acknowledged: (ack: Acknowledgement) => void): void {
    if (client === undefined) throw new BadPublish('client: missing, a publisher says who it is');
    const { version: sequence, channel, intendedUs, payload } = this.#decode(bytes);
    if (sequence < 1) throw new BadPublish('sequence: 0, publishes count from 1');
    if (channel >= this.#channels) throw new BadPublish(`channel: ${channel} is unknown`);
    const publisher = this.#publisher(client);
    const known = publisher.versions.get(sequence);
    if (known !== undefined) {
      this.repeats++;
      acknowledged({ sequence, version: known });
      return;
    }
    if (sequence <= publisher.newest - rememberedPublishes) {
      throw new BadPublish(`sequence: ${sequence} is too old, ${publisher.newest} was accepted`);
    }
    // The payload is a view into the socket's buffer; encoding copies it.
    this.#sequencer({ channel, intendedUs, payload, publisher: client }, (version) => {
      remember(publisher, sequence, version);
      acknowledged({ sequence, version });
    });
  }

  #decode(bytes: Buffer): Update {
    try {
      return this.#codec.decode(bytes);
    } catch (error) {
      if (error instanceof MalformedUpdate) throw new BadPublish(error.message);
      throw error;
    }
  }

  #publisher(client: number): Publisher {
    let publisher = this.#publishers.get(client);
    if (!publisher) {
      publisher = { newest: 0, versions: new Map() };
      this.#publishers.set(client, publisher);
    }
    return publisher;
  }
}

function remember(publisher: Publisher, sequence: number, version: number): void {
  publisher.newest = Math.max(publisher.newest, sequence);
  publisher.versions.set(sequence, version);
  if (publisher.versions.size > rememberedPublishes) publisher.versions.delete(publisher.versions.keys().next().value!);
}
