import { constants, deflateRawSync } from 'node:zlib';

/** Data below this size that cannot refer to earlier data is sent uncompressed: the default of ws. */
export const thresholdBytes = 1024;

/** BTYPE 00 (RFC 1951, 3.2.4): bytes as they are behind five of head. Holds at most 65,535. */
const storedHeadBytes = 5;

/**
 * A part of a deflate stream that refers to nothing in front of it and ends on a byte, so that it can stand in any stream:
 * compressed once, sent to all. Below the threshold it is stored, not compressed.
 */
export function deflatedPart(bytes: Buffer): Buffer {
  if (bytes.length >= thresholdBytes) return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  const part = Buffer.allocUnsafe(storedHeadBytes + bytes.length);
  part.writeUInt8(0, 0);
  part.writeUInt16LE(bytes.length, 1);
  part.writeUInt16LE(~bytes.length & 0xffff, 3);
  bytes.copy(part, storedHeadBytes);
  return part;
}
