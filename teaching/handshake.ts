import { createHash } from 'node:crypto';

/** Constant that a server appends to the client's key to prove that it speaks WebSocket (RFC 6455, section 1.3). */
export const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Example key and answer from the RFC. */
export const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The 20 bytes of which `Sec-WebSocket-Accept` is the base64 text. `key` is the text of the header, not decoded. */
export function acceptDigest(key: string): Buffer {
  return createHash('sha1')
    .update(key + handshakeGuid, 'latin1')
    .digest();
}

export function acceptFor(key: string): string {
  return acceptDigest(key).toString('base64');
}
