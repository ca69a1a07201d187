/**
 * Several updates in one answer: netstrings (https://cr.yp.to/proto/netstrings.txt), `<length>:<bytes>,` one after the
 * other, the same for text and for binary. The answer of a poll is always framed, also when it holds one update.
 */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

const trailer = Buffer.from(',', 'latin1');
const colon = 0x3a;

/** One update as a frame; made once per update, shared by every answer that carries it. */
export function frame(update: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${update.length}:`, 'latin1'), update, trailer]);
}

/**
 * Calls `onUpdate` for each framed update, in order, with a view into `bytes`.
 *
 * Throws `MalformedFrame` when the bytes do not end where the last frame ends; the frames before it were delivered.
 */
export function readFrames(bytes: Buffer, onUpdate: (update: Buffer) => void): void {
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    let i = at;
    for (; bytes[i] !== colon; i++) {
      const digit = (bytes[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9 || i - at > 9) throw new MalformedFrame(`frame: bad length at byte ${at}`);
      length = length * 10 + digit;
    }
    const start = i + 1;
    const end = start + length;
    if (i === at || bytes[end] !== trailer[0]) throw new MalformedFrame(`frame: cut short at byte ${at}`);
    onUpdate(bytes.subarray(start, end));
    at = end + 1;
  }
}
