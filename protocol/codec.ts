import { readU32, readU48, writeU32, writeU48 } from './big-endian.ts';
import { takeBytes } from './byte-pool.ts';
import type { Encoding } from './contract-terms.ts';
import { digitsOf, writeDigits } from './decimal.ts';
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
  /** Throws a `RangeError` when a number is not whole or has no room. The bytes may share their memory with others. */
  encode(update: Update): Uint8Array;
  /** The payload is a view into `bytes`. Throws `MalformedUpdate` when they are not one whole update. */
  decode(bytes: Uint8Array): Update;
  /**
   * Reads everything in front of the payload of the update in bytes `start` to `end` (exclusive); false if they are
   * none. Allocates nothing.
   */
  readFront(bytes: Uint8Array, start: number, end: number, front: Front): boolean;
  versionOf(bytes: Uint8Array): number;
  intendedUsOf(bytes: Uint8Array): number;
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
const highestNumber = 10 ** mostDigits - 1;

/** Reads the front that begins at `start`. Returns where the payload begins, or -1 if it is no front. */
function readNumbers(bytes: Uint8Array, start: number, front: Front): number {
  if (bytes[start] !== bracketOpen) return -1;
  let at = start + 1;
  for (let field = 0; field < front.length; field++) {
    const from = at;
    let value = 0;
    for (let digit = bytes[at]! - 0x30; digit >= 0 && digit <= 9; digit = bytes[++at]! - 0x30)
      value = value * 10 + digit;
    if (at === from || at - from > mostDigits || bytes[at] !== comma) return -1;
    front[field] = value;
    at++;
  }
  return at;
}

/** The last byte is a bracket, which no front goes on after, so nothing is read beyond `end`. */
function readJsonFront(bytes: Uint8Array, start: number, end: number, front: Front): boolean {
  return end > start && bytes[end - 1] === bracketClose && readNumbers(bytes, start, front) > 0;
}

/** Reads the unsigned decimal integer at `from`; it ends at the first byte that is not a digit. */
function integerAt(bytes: Uint8Array, from: number): number {
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
const utf8 = new TextDecoder('utf-8', { fatal: true });

function isArrayOfFour(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return Array.isArray(value) && value.length === 4;
  } catch {
    return false;
  }
}

function digitsNeeded(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= highestNumber) return digitsOf(value);
  throw new RangeError(`update: ${field} ${value} is no whole number of up to ${mostDigits} digits`);
}

function encodeJson({ version, intendedUs, channel, payload }: Update): Uint8Array {
  const versionEnd = 1 + digitsNeeded('version', version);
  const instantEnd = versionEnd + 1 + digitsNeeded('instant', intendedUs);
  const channelEnd = instantEnd + 1 + digitsNeeded('channel', channel);
  const payloadEnd = channelEnd + 1 + payload.length;
  const bytes = takeBytes(payloadEnd + 1);
  bytes[0] = bracketOpen;
  writeDigits(bytes, versionEnd, version);
  bytes[versionEnd] = comma;
  writeDigits(bytes, instantEnd, intendedUs);
  bytes[instantEnd] = comma;
  writeDigits(bytes, channelEnd, channel);
  bytes[channelEnd] = comma;
  bytes.set(payload, channelEnd + 1);
  bytes[payloadEnd] = bracketClose;
  return bytes;
}

/**
 * Text: the JSON array `[version,intendedUs,channel,payload]` (RFC 8259), without spaces before the payload. Numbers
 * have up to 15 digits.
 */
const json: Codec = {
  encoding: 'json',
  contentType: 'application/json',
  encode: encodeJson,
  decode: (bytes) => {
    const front: Front = [0, 0, 0];
    const payloadStart = readNumbers(bytes, 0, front);
    if (payloadStart < 0 || !isArrayOfFour(bytes)) throw new MalformedUpdate(jsonShape);
    const [version, intendedUs, channel] = front;
    return { version, intendedUs, channel, payload: bytes.subarray(payloadStart, bytes.lastIndexOf(bracketClose)) };
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
    const bytes = takeBytes(binaryHeaderBytes + payload.length);
    writeU32(bytes, 0, version);
    writeU32(bytes, 4, channel);
    writeU48(bytes, 8, intendedUs);
    bytes.set(payload, binaryHeaderBytes);
    return bytes;
  },
  decode: (bytes) => {
    if (bytes.length < binaryHeaderBytes) {
      throw new MalformedUpdate(`update: ${bytes.length} bytes, at least ${binaryHeaderBytes} expected`);
    }
    return {
      version: readU32(bytes, 0),
      channel: readU32(bytes, 4),
      intendedUs: readU48(bytes, 8),
      payload: bytes.subarray(binaryHeaderBytes),
    };
  },
  readFront: (bytes, start, end, front) => {
    if (end - start < binaryHeaderBytes) return false;
    front[0] = readU32(bytes, start);
    front[1] = readU48(bytes, start + 8);
    front[2] = readU32(bytes, start + 4);
    return true;
  },
  versionOf: (bytes) => readU32(bytes, 0),
  intendedUsOf: (bytes) => readU48(bytes, 8),
};

export const codecs: Readonly<Record<Encoding, Codec>> = { json, binary };
