import type { Encoding } from '../../protocol/contract-terms.ts';
import { randomFrom, seedFrom } from '../random.ts';
import type { Payload, PayloadKind } from '../scenario.ts';
import type { PayloadMaker } from './payload-maker.ts';
import {
  inputMinimumBytes,
  mediaChunk,
  playerInput,
  playerPositions,
  positionsMinimumBytes,
} from './payload-records.ts';
import { chatText, notice, presence, quotes, reaction } from './payload-text.ts';

/** A payload smaller than its kind can be. */
export class PayloadTooSmall extends RangeError {
  override readonly name = 'PayloadTooSmall';
}

/** The fewest bytes in which every payload of a kind still holds all its fields. */
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

/** Bytes without a text of their own: JSON carries them as base64, a third longer. */
export const binaryKinds: ReadonlySet<PayloadKind> = new Set(['player-positions', 'player-input', 'media-chunk']);

/**
 * `size` payloads of exactly `payload.bytes` bytes each, to be used in turn: neighbours resemble each other as they do
 * in real streams. The same seed gives the same bytes.
 *
 * JSON kinds are UTF-8 JSON text in both encodings. A binary kind is raw in `binary`; in `json` it becomes a string in
 * base64 (RFC 4648, section 4), where only the raw bytes inside have the exact size: the third that base64 and quotes
 * add is what text costs.
 *
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
