/** Meaning of the bytes of a WebSocket frame (RFC 6455, section 5.2). */
export type Frame = {
  /** Whether the message ends with this frame. */
  readonly fin: boolean;
  readonly opcode: number;
  /** The two bytes that every frame has, and the two or eight that a longer length takes. */
  readonly head: Buffer;
  /** Four bytes; only a client's frames have them. */
  readonly mask: Buffer | undefined;
  /** As it was meant, without the mask. */
  readonly payload: Buffer;
  /** As it travelled. */
  readonly sent: Buffer;
  readonly bytes: number;
};

export const opcodeNames: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

/** The frames that `bytes` hold, one after the other. Throws `RangeError` when the last one is cut short. */
export function readFrames(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += frames.at(-1)!.bytes) frames.push(readFrame(bytes.subarray(at)));
  return frames;
}

function readFrame(bytes: Buffer): Frame {
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const { length, headBytes } = readLength(bytes, second & 0x7f);
  const maskBytes = second & 0x80 ? 4 : 0;
  const start = headBytes + maskBytes;
  if (bytes.length < start + length) throw new RangeError(`frame: ${start + length} bytes, ${bytes.length} are there`);
  const mask = maskBytes ? bytes.subarray(headBytes, start) : undefined;
  const sent = bytes.subarray(start, start + length);
  return {
    fin: (first & 0x80) !== 0,
    opcode: first & 0x0f,
    head: bytes.subarray(0, headBytes),
    mask,
    payload: mask ? masked(sent, mask) : sent,
    sent,
    bytes: start + length,
  };
}

/** Seven bits say it up to 125; 126 and 127 mean that the next two or eight bytes do. */
function readLength(bytes: Buffer, short: number): { readonly length: number; readonly headBytes: number } {
  if (short === 127) return { length: Number(bytes.readBigUInt64BE(2)), headBytes: 10 };
  if (short === 126) return { length: bytes.readUInt16BE(2), headBytes: 4 };
  return { length: short, headBytes: 2 };
}

/** Each byte XOR one of the four of the mask in turn (RFC 6455, 5.3). Applying it twice restores the input. */
export function masked(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ mask[i % 4]!));
}
