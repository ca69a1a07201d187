import type { Encoding } from './contract-terms.ts';

/** WebSocket subprotocols (RFC 6455, 1.9), by the encoding that their messages carry. */
export const subprotocols: Readonly<Record<Encoding, string>> = { json: 'pvw.json', binary: 'pvw.binary' };

/** Close codes of the private range 4000–4999 (RFC 6455, 7.4.2), named after HTTP status codes. */
export const closeCodes = {
  /** The version asked for is no longer retained: subscribe again without `after`. */
  gone: 4410,
  /** A reader of semantics `every` fell too far behind: subscribe again with `after`. */
  tooSlow: 4408,
  /** A query or a publish that the contract does not allow. */
  badRequest: 4400,
} as const;

/** SSE event names besides the default `message`, with the meaning of the close codes. */
export const eventNames = { gone: 'gone', tooSlow: 'too-slow' } as const;

/** An accepted publish: the client's sequence and the version it became. */
export type Acknowledgement = { readonly sequence: number; readonly version: number };

/** `{"ack":[sequence,version]}`: the answer to a POST, and a text message on the WebSocket in both encodings. */
export function encodeAcknowledgement({ sequence, version }: Acknowledgement): string {
  return `{"ack":[${sequence},${version}]}`;
}

/** Returns undefined for any other text. */
export function decodeAcknowledgement(text: string): Acknowledgement | undefined {
  const match = /^\{"ack":\[(\d+),(\d+)\]\}$/.exec(text);
  return match ? { sequence: Number(match[1]), version: Number(match[2]) } : undefined;
}
