import { binaryHeaderBytes } from '../../../protocol/codec.ts';
import type { Encoding } from '../../../protocol/contract-terms.ts';
import { digitsOf } from '../../../protocol/decimal.ts';

/** Sizes of messages as the protocols write them, in bytes. Means of many may be fractions. */

/** The numbers that are written into updates and requests: typical ones of the time in question. */
export type Numbers = {
  readonly clients: number;
  readonly channels: number;
  readonly version: number;
  /** Microseconds since the epoch of the stream. */
  readonly instantUs: number;
};

/** Mean number of decimal digits of 0, 1, … count − 1. */
export function meanDigits(count: number): number {
  let sum = 0;
  for (let digits = 1, from = 0; from < count; digits++) {
    const to = Math.min(count, 10 ** digits);
    sum += digits * (to - from);
    from = to;
  }
  return sum / Math.max(1, count);
}

/** An encoded update as `codec.ts` writes it. */
export function encodedBytes(encoding: Encoding, payloadBytes: number, numbers: Numbers): number {
  if (encoding === 'binary') return binaryHeaderBytes + payloadBytes;
  const { version, instantUs, channels } = numbers;
  return '[,,,]'.length + digitsOf(version) + digitsOf(instantUs) + meanDigits(channels) + payloadBytes;
}

/** What `<length>:<bytes>,` adds (cr.yp.to/proto/netstrings.txt). */
export function netstringBytes(bytes: number): number {
  return digitsOf(Math.round(bytes)) + ':,'.length;
}

/** `channel=`, `client=` and `after=` of a poll. */
export function pollDigits({ channels, clients, version }: Numbers): number {
  return meanDigits(channels) + meanDigits(clients) + digitsOf(version);
}

/** The comment that keeps SSE alive. */
export const comment = ':\n\n';

/** A chunk with this much in it (RFC 9112, 7.1). */
export function chunkBytes(bytes: number): number {
  return Math.round(bytes).toString(16).length + '\r\n\r\n'.length + bytes;
}

/** What an SSE event adds to an encoded update: `id: V`, `data: …` and a blank line, as one chunk. */
export function eventFramingOf(encoded: number, version: number): number {
  return chunkBytes('id: \ndata: \n\n'.length + digitsOf(version) + encoded) - encoded;
}

/** Binary is base64 in an event. */
export function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Head of a WebSocket frame (RFC 6455, 5.2). */
export function frameHead(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

/** From a client it has a mask of four bytes. */
export function maskedHead(payloadBytes: number): number {
  return frameHead(payloadBytes) + 4;
}

/** The body of the answer to a publish: sequence and version, taken as alike. */
export function acknowledgementBytes(version: number): number {
  return '{"ack":[,]}'.length + 2 * digitsOf(version);
}
