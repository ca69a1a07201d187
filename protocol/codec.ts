import { isUtf8 } from 'node:buffer';
import type { Encoding } from './contract-terms.ts';
import type { Update } from './update.ts';

/**
 * Encodes one update as bytes; all transports carry the same bytes.
 * `readFront` reads only the front: the hot path of a delivery never parses the payload. A publish has the same layout,
 * with the publisher's sequence in place of the version.
 */
export type Codec = {
  readonly encoding: Encoding;
  /** Content type of an answer or a publish in this encoding. */
  readonly contentType: string;
  encode(update: Update): Buffer;
  /** Throws `MalformedUpdate` when the bytes are not one whole update. */
  decode(bytes: Buffer): Update;
  /** Reads everything in front of the payload; false if the bytes are no update. */
  readFront(bytes: Buffer, front: Front): boolean;
  versionOf(bytes: Buffer): number;
  intendedUsOf(bytes: Buffer): number;
};

/** What is in front of a payload. One can be filled again and again. */
export type Front = [version: number, intendedUs: number, channel: number];

/** Bytes that are not one whole update; the message says what is wrong. */
export class MalformedUpdate extends Error {
  override readonly name = 'MalformedUpdate';
}

const comma = 0x2c;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const mostDigits = 15;

/** The front of an update in JSON: three numbers with a comma behind each. */
function readJsonFront(bytes: Buffer, front: Front): boolean {
  if (bytes[0] !== bracketOpen || bytes[bytes.length - 1] !== bracketClose) return false;
  let at = 1;
  for (let field = 0; field < front.length; field++) {
    const from = at;
    let value = 0;
    for (let digit = bytes[at]! - 0x30; digit >= 0 && digit <= 9; digit = bytes[++at]! - 0x30)
      value = value * 10 + digit;
    if (at === from || at - from > mostDigits || bytes[at] !== comma) return false;
    front[field] = value;
    at++;
  }
  return true;
}

/** Reads the unsigned decimal integer at `from`; it ends at the first byte that is not a digit. */
function integerAt(bytes: Buffer, from: number): number {
  let value = 0;
  for (let i = from; i < bytes.length; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

const jsonShape =
  'update: expected the JSON array [version,instant,channel,payload] without spaces in front of the payload';
// `versionOf` and `intendedUsOf` do not check their input, so `decode` accepts only fronts from which they read the
// same numbers.
const jsonFront = /^\[(\d{1,15}),(\d{1,15}),(\d{1,15}),/;
const longestJsonFront = 64;

function isArrayOfFour(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(value) && value.length === 4;
  } catch {
    return false;
  }
}

/** Text: the JSON array `[version,intendedUs,channel,payload]` (RFC 8259), without spaces before the payload. */
const json: Codec = {
  encoding: 'json',
  contentType: 'application/json',
  encode: ({ version, intendedUs, channel, payload }) =>
    Buffer.concat([
      Buffer.from(`[${version},${intendedUs},${channel},`, 'latin1'),
      payload,
      Buffer.from(']', 'latin1'),
    ]),
  decode: (bytes) => {
    const front = jsonFront.exec(bytes.toString('latin1', 0, longestJsonFront));
    if (!front || !isUtf8(bytes) || !isArrayOfFour(bytes)) throw new MalformedUpdate(jsonShape);
    return {
      version: Number(front[1]),
      intendedUs: Number(front[2]),
      channel: Number(front[3]),
      payload: bytes.subarray(front[0].length, bytes.lastIndexOf(bracketClose)),
    };
  },
  readFront: readJsonFront,
  versionOf: (bytes) => integerAt(bytes, 1),
  intendedUsOf: (bytes) => integerAt(bytes, bytes.indexOf(comma) + 1),
};

/** Length of the binary header: version u32, channel u32, intendedUs u48, all big-endian. */
export const binaryHeaderBytes = 14;

/** Binary: a header of 14 bytes, then the payload. The enclosing message or frame gives the length. */
const binary: Codec = {
  encoding: 'binary',
  contentType: 'application/octet-stream',
  encode: ({ version, intendedUs, channel, payload }) => {
    const bytes = Buffer.allocUnsafe(binaryHeaderBytes + payload.length);
    bytes.writeUInt32BE(version, 0);
    bytes.writeUInt32BE(channel, 4);
    bytes.writeUIntBE(intendedUs, 8, 6);
    payload.copy(bytes, binaryHeaderBytes);
    return bytes;
  },
  decode: (bytes) => {
    if (bytes.length < binaryHeaderBytes) {
      throw new MalformedUpdate(`update: ${bytes.length} bytes, at least ${binaryHeaderBytes} expected`);
    }
    return {
      version: bytes.readUInt32BE(0),
      channel: bytes.readUInt32BE(4),
      intendedUs: bytes.readUIntBE(8, 6),
      payload: bytes.subarray(binaryHeaderBytes),
    };
  },
  readFront: (bytes, front) => {
    if (bytes.length < binaryHeaderBytes) return false;
    front[0] = bytes.readUInt32BE(0);
    front[1] = bytes.readUIntBE(8, 6);
    front[2] = bytes.readUInt32BE(4);
    return true;
  },
  versionOf: (bytes) => bytes.readUInt32BE(0),
  intendedUsOf: (bytes) => bytes.readUIntBE(8, 6),
};

export const codecs: Readonly<Record<Encoding, Codec>> = { json, binary };
