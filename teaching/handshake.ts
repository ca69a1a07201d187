import { createHash } from 'node:crypto';

/** The constant that a server appends to the client's key, which proves that it speaks WebSocket (RFC 6455, 1.3). */
export const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The example key of RFC 6455, 1.3. */
export const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The 20 bytes that `Sec-WebSocket-Accept` encodes in base64. `key` is the header's text, still in base64. */
export function acceptDigest(key: string): Buffer {
  return createHash('sha1')
    .update(key + handshakeGuid, 'latin1')
    .digest();
}

/** The value of `Sec-WebSocket-Accept` for a key. */
export function acceptFor(key: string): string {
  return acceptDigest(key).toString('base64');
}
