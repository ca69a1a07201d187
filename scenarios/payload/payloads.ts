import type { Encoding } from '../../protocol/contract-terms.ts';
import { randomFrom } from '../random.ts';
import type { Payload, PayloadKind } from '../scenario.ts';
import { seedFrom } from '../seed.ts';
import type { PayloadMaker } from './payload-maker.ts';
import {
  inputMinimumBytes,
  mediaChunk,
  playerInput,
  playerPositions,
  positionsMinimumBytes,
} from './payload-records.ts';
import { chatText, notice, presence, quotes, reaction } from './payload-text.ts';

/** Thrown for a payload that is smaller than its kind allows. */
export class PayloadTooSmall extends RangeError {
  override readonly name = 'PayloadTooSmall';
}

/** The smallest size, in bytes, at which every payload of a kind still holds all its fields. */
export const minimumBytes: Readonly<Record<PayloadKind, number>> = {
  'chat-text': 32,
  'player-positions': positionsMinimumBytes,
  quotes: 104,
  'media-chunk': 1,
  notice: 96,
  presence: 68,
  'player-input': inputMinimumBytes,
  reaction: 58,
};

const makers: Readonly<Record<PayloadKind, PayloadMaker>> = {
  'chat-text': chatText,
  'player-positions': playerPositions,
  quotes,
  'media-chunk': mediaChunk,
  notice,
  presence,
  'player-input': playerInput,
  reaction,
};

/** Kinds that are not text: JSON carries them as base64, a third longer. */
export const binaryKinds: ReadonlySet<PayloadKind> = new Set(['player-positions', 'player-input', 'media-chunk']);

/**
 * Makes `size` payloads of exactly `payload.bytes` bytes each. Used in turn, successive payloads resemble each other as
 * in real streams. The same seed gives the same bytes.
 * JSON kinds are UTF-8 JSON text in both encodings. A binary kind is raw in `binary`; in `json` it is a base64 string
 * (RFC 4648, section 4) whose decoded bytes have the exact size. The growth by base64 and quotes is the cost of text.
 * Throws `PayloadTooSmall` below `minimumBytes`.
 */
export function payloadPool(payload: Payload, encoding: Encoding, seed: number, size = 256): readonly Buffer[] {
  const { kind, bytes } = payload;
  const minimum = minimumBytes[kind];
  if (!Number.isInteger(bytes) || bytes < minimum) {
    throw new PayloadTooSmall(`payload ${kind}: ${bytes} bytes, a whole number from ${minimum} up is expected`);
  }
  const next = makers[kind](bytes, randomFrom(seedFrom(seed, 'payload', kind)));
  const asText = encoding === 'json' && binaryKinds.has(kind);
  return Array.from({ length: size }, () => (asText ? Buffer.from(`"${next().toString('base64')}"`) : next()));
}
