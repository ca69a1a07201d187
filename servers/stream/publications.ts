import { type Codec, MalformedUpdate } from '../../protocol/codec.ts';
import type { Acknowledgement } from '../../protocol/socket-messages.ts';
import type { Update } from '../../protocol/update.ts';
import type { Sequencer } from './sequencer.ts';

/** A publish that the contract does not allow. The message names the field and what is allowed. */
export class BadPublish extends Error {
  override readonly name = 'BadPublish';
}

/**
 * Accepts publishes of clients: checks each, gives it a version once, and acknowledges every copy.
 * A client numbers its publishes 1, 2, 3 …; after a lost connection it resends what was not acknowledged.
 */
export class Publications {
  repeats = 0;
  readonly #codec: Codec;
  readonly #channels: number;
  readonly #sequencer: Sequencer;

  constructor(codec: Codec, channels: number, sequencer: Sequencer) {
    this.#codec = codec;
    this.#channels = channels;
    this.#sequencer = sequencer;
  }

  /** Calls `answer` once, now or later. A repeat gets the version first given. */
  receive(
    client: number | undefined,
    bytes: Uint8Array,
    answer: (outcome: Acknowledgement | BadPublish) => void,
  ): void {
    const checked = this.#check(client, bytes);
    if (checked instanceof BadPublish) {
      answer(checked);
      return;
    }
    const { version: sequence, channel, intendedUs, payload } = checked;
    // The payload is a view into the socket's buffer; encoding copies it.
    this.#sequencer({ channel, intendedUs, payload, publisher: client!, sequence }, (verdict) => {
      if ('refused' in verdict) {
        answer(new BadPublish(verdict.refused));
        return;
      }
      if (verdict.repeated) this.repeats++;
      answer({ sequence, version: verdict.version });
    });
  }

  #check(client: number | undefined, bytes: Uint8Array): Update | BadPublish {
    if (client === undefined) return new BadPublish('client: missing, a publisher says who it is');
    try {
      const update = this.#codec.decode(bytes);
      if (update.version < 1) return new BadPublish('sequence: 0, publishes count from 1');
      if (update.channel >= this.#channels) return new BadPublish(`channel: ${update.channel} is unknown`);
      return update;
    } catch (error) {
      if (error instanceof MalformedUpdate) return new BadPublish(error.message);
      throw error;
    }
  }
}
