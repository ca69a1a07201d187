/** RFC 6455, 5.2. From 8 on they are of control frames. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** In the first byte of a frame: it is the last of its message. */
export const finalBit = 0x80;
/** In the second byte: the payload is masked. The other bits are the length, or say how many bytes of length follow. */
export const maskBit = 0x80;
/** Values of a 7-bit length for which 2 or 8 bytes of length follow (RFC 6455, 5.2). */
export const lengthFollows = { in2Bytes: 126, in8Bytes: 127 } as const;

const maskBytes = 4;

/** Bytes of a client's frame with this payload, head and mask included. */
export function clientFrameBytes(payloadBytes: number): number {
  return 2 + lengthBytes(payloadBytes) + maskBytes + payloadBytes;
}

/**
 * Writes one final, masked frame (RFC 6455, 5.2 and 5.3) to the front of `target`, which has room for
 * `clientFrameBytes(payload.length)`. `mask`: 4 bytes that nobody can predict. A control frame may hold 125 bytes.
 */
export function writeClientFrame(target: Uint8Array, opcode: number, payload: Uint8Array, mask: Uint8Array): void {
  const extended = lengthBytes(payload.length);
  target[0] = finalBit | opcode;
  target[1] = maskBit | (extended === 0 ? payload.length : lengthMarker(extended));
  writeBigEndian(target, 2, extended, payload.length);
  const maskAt = 2 + extended;
  target.set(mask, maskAt);
  for (let i = 0; i < payload.length; i++) target[maskAt + maskBytes + i] = payload[i]! ^ mask[i % maskBytes]!;
}

/** Bytes of length after the first two of a frame. The shortest form must be used. */
function lengthBytes(payloadBytes: number): 0 | 2 | 8 {
  if (payloadBytes < lengthFollows.in2Bytes) return 0;
  return payloadBytes < 2 ** 16 ? 2 : 8;
}

function lengthMarker(extended: 2 | 8): number {
  return extended === 2 ? lengthFollows.in2Bytes : lengthFollows.in8Bytes;
}

function writeBigEndian(target: Uint8Array, at: number, count: number, value: number): void {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    target[i] = rest % 256;
    // No shift: it would cut the value to 32 bits.
    rest = Math.floor(rest / 256);
  }
}
