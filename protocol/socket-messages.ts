import type { Encoding } from './contract-terms.ts';

/** WebSocket subprotocols (RFC 6455, 1.9): what one message carries. */
export const subprotocols: Readonly<Record<Encoding, string>> = { json: 'pvw.json', binary: 'pvw.binary' };

/** Close codes of the private range 4000–4999 (RFC 6455, 7.4.2), named after their HTTP cousins. */
export const closeCodes = {
  /** The version asked for is no longer retained: subscribe again without `after`. */
  gone: 4410,
  /** A reader of semantics `every` fell too far behind: come back with `after`. */
  tooSlow: 4408,
  /** A query or a publish that the contract does not allow. */
  badRequest: 4400,
} as const;

/** SSE event names beside the default `message`, with the meaning of the close codes. */
export const eventNames = { gone: 'gone', tooSlow: 'too-slow' } as const;

/** A publish was accepted: which sequence of this client, and the version it became. */
export type Acknowledgement = { readonly sequence: number; readonly version: number };

/** `{"ack":[sequence,version]}`: the answer to a POST, and a text message on the socket in both encodings. */
export function encodeAcknowledgement({ sequence, version }: Acknowledgement): string {
  return `{"ack":[${sequence},${version}]}`;
}

/** Undefined when the text is something else. */
export function decodeAcknowledgement(text: string): Acknowledgement | undefined {
  const match = /^\{"ack":\[(\d+),(\d+)\]\}$/.exec(text);
  return match ? { sequence: Number(match[1]), version: Number(match[2]) } : undefined;
}
