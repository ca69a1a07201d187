import { constants, deflateRawSync } from 'node:zlib';
import type { PerMessageDeflateOptions } from 'ws';
import type { Route } from '../network/route.ts';
import type { HttpRequest } from './endpoint.ts';

export type Compression = Route['compression'];

/** Bytes below which what could not refer to anything earlier is sent as it is: the default of ws. */
export const thresholdBytes = 1024;

/** Whether the client takes gzip (RFC 9110, 12.5.3). */
export function acceptsGzip({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  return (headers['accept-encoding'] ?? '').split(',').some((coding) => {
    const [name, weight = ''] = coding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !/^q=0(\.0*)?$/.test(weight);
  });
}

/**
 * What ws is told about permessage-deflate (RFC 7692): its own defaults, and whether both ends forget each message after
 * it. The server decides that for both: it may ask for it whatever the client offered (7.1.1). ws keeps to the threshold
 * only where messages do not refer to earlier ones; where they do, a short one is what gains most.
 */
export function socketDeflate(compression: Compression): false | PerMessageDeflateOptions {
  if (compression === null) return false;
  // To say `false` of them would refuse clients that ask for it.
  const forgetting = { serverNoContextTakeover: true, clientNoContextTakeover: true };
  return { threshold: thresholdBytes, ...(!compression.contextTakeover && forgetting) };
}

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
