import { constants, deflateRawSync } from 'node:zlib';

/** Data below this size is sent uncompressed if it cannot refer to earlier data: the default of ws. */
export const thresholdBytes = 1024;

/** Header of a stored block, BTYPE 00 (RFC 1951, 3.2.4), which holds at most 65,535 bytes. */
const storedHeadBytes = 5;

/**
 * A part of a deflate stream that has no back-references and ends on a byte boundary, so any stream can contain it:
 * compressed once, sent to all. Below the threshold it is stored uncompressed.
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
