import type { Update } from './update.ts';

export type Encoding = 'json' | 'binary';

/**
 * How one update becomes bytes. The same bytes travel in every transport.
 *
 * `versionOf` and `intendedUsOf` read the front of the bytes only: the hot path of a delivery never parses the payload.
 * A publish has the same layout with the publisher's sequence in the place of the version.
 */
export type Codec = {
  readonly encoding: Encoding;
  /** Content type of an answer or a publish that carries these bytes. */
  readonly contentType: string;
  encode(update: Update): Buffer;
  /** Throws `MalformedUpdate` when the bytes are not one whole update. */
  decode(bytes: Buffer): Update;
  versionOf(bytes: Buffer): number;
  intendedUsOf(bytes: Buffer): number;
};

export class MalformedUpdate extends Error {
  override readonly name = 'MalformedUpdate';
}

const comma = 0x2c;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;

/** Reads the unsigned integer that starts at `from`; it ends at the first byte that is no digit. */
function integerAt(bytes: Buffer, from: number): number {
  let value = 0;
  for (let i = from; i < bytes.length; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

function afterComma(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(comma, from);
  if (at < 0) throw new MalformedUpdate('update: expected [version, instant, channel, payload]');
  return at + 1;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Text: the JSON array `[version,instant,channel,payload]` (RFC 8259), written without spaces. */
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
    const fields = parseArray(bytes);
    if (fields.length !== 4 || !fields.slice(0, 3).every(isInteger) || bytes[0] !== bracketOpen) {
      throw new MalformedUpdate('update: expected [version, instant, channel, payload]');
    }
    const payloadAt = afterComma(bytes, afterComma(bytes, afterComma(bytes, 1)));
    const end = bytes.lastIndexOf(bracketClose);
    return {
      version: fields[0] as number,
      intendedUs: fields[1] as number,
      channel: fields[2] as number,
      payload: bytes.subarray(payloadAt, end),
    };
  },
  versionOf: (bytes) => integerAt(bytes, 1),
  intendedUsOf: (bytes) => integerAt(bytes, bytes.indexOf(comma) + 1),
};

function parseArray(bytes: Buffer): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (Array.isArray(value)) return value;
  } catch {
    // Falls through: text that is no JSON and JSON that is no array are the same fault.
  }
  throw new MalformedUpdate('update: not a JSON array');
}

/** Bytes in front of a binary payload: version u32, channel u32, instant u48, big-endian. */
export const binaryHeaderBytes = 14;

/** Binary: a fixed head of 14 bytes, then the payload; the message or frame around it gives the length. */
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
  versionOf: (bytes) => bytes.readUInt32BE(0),
  intendedUsOf: (bytes) => bytes.readUIntBE(8, 6),
};

export const codecs: Readonly<Record<Encoding, Codec>> = { json, binary };
