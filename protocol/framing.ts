import { takeBytes } from './byte-pool.ts';
import { digitsOf, writeDigits } from './decimal.ts';

/**
 * The updates of one answer are framed as netstrings, `<length>:<bytes>,` (https://cr.yp.to/proto/netstrings.txt), in
 * both encodings. A poll's answer is always framed, even when it holds one update.
 */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

const colon = 0x3a;
const comma = 0x2c;
const mostDigits = 10;

/** Frames one update. Made once per update and shared by every answer that carries it. */
export function frame(update: Uint8Array): Uint8Array {
  const lengthEnd = digitsOf(update.length);
  const updateEnd = lengthEnd + 1 + update.length;
  const bytes = takeBytes(updateEnd + 1);
  writeDigits(bytes, lengthEnd, update.length);
  bytes[lengthEnd] = colon;
  bytes.set(update, lengthEnd + 1);
  bytes[updateEnd] = comma;
  return bytes;
}

/**
 * Calls `onUpdate` with the place of each framed update in bytes `start` to `end` (exclusive), in order. Throws
 * `MalformedFrame` when they are not a whole number of frames; the frames before the fault have then been delivered.
 */
export function readFrames(
  bytes: Uint8Array,
  start: number,
  end: number,
  onUpdate: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  let at = start;
  while (at < end) {
    let length = 0;
    let i = at;
    for (; i < end && bytes[i] !== colon; i++) {
      const digit = bytes[i]! - 0x30;
      if (digit < 0 || digit > 9 || i - at >= mostDigits) {
        throw new MalformedFrame(`frame: bad length at byte ${at - start}`);
      }
      length = length * 10 + digit;
    }
    const from = i + 1;
    const to = from + length;
    // What lies behind `end` may look like the rest of this frame.
    if (i === at || to >= end || bytes[to] !== comma) {
      throw new MalformedFrame(`frame: cut short at byte ${at - start}`);
    }
    onUpdate(bytes, from, to);
    at = to + 1;
  }
}
