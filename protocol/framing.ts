/**
 * The updates of one answer are framed as netstrings, `<length>:<bytes>,` (https://cr.yp.to/proto/netstrings.txt), in
 * both encodings. A poll's answer is always framed, even when it holds one update.
 */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

const trailer = Buffer.from(',', 'latin1');
const colon = 0x3a;

/** Frames one update. Made once per update and shared by every answer that carries it. */
export function frame(update: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${update.length}:`, 'latin1'), update, trailer]);
}

/**
 * Calls `onUpdate` for each framed update in order, with a view into `bytes`. Throws `MalformedFrame` when the bytes
 * are not a whole number of frames; the frames before the fault have then been delivered.
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
