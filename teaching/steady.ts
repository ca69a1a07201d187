import { masked, readFrames } from './frame.ts';
import { acceptFor, sampleKey } from './handshake.ts';
import type { Exchange } from './tap.ts';

/**
 * Replaces everything that varies between captures by something of the same length: the date, the port, the key of a
 * handshake and its answer. Every capture then gives the same text.
 *
 * Throws if a handshake's answer does not match its key, or if a length would change.
 */
export function steadyText({ up, down }: Exchange): Exchange {
  const key = /^sec-websocket-key: (\S+)\r$/im.exec(up.toString('latin1'))?.[1];
  const accept = /^sec-websocket-accept: (\S+)\r$/im.exec(down.toString('latin1'))?.[1];
  if (key !== undefined && accept !== acceptFor(key)) throw new Error(`handshake: ${accept} does not answer ${key}`);
  const replaced = (bytes: Buffer) => {
    let text = bytes
      .toString('latin1')
      .replace(/^Date: .*\r$/m, 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r')
      .replace(/127\.0\.0\.1:\d{5}/, '127.0.0.1:50000');
    if (key !== undefined && accept !== undefined) {
      text = text.replace(key, sampleKey).replace(accept, acceptFor(sampleKey));
    }
    return sameLength(bytes, Buffer.from(text, 'latin1'));
  };
  return { up: replaced(up), down: replaced(down) };
}

const steadyMask = Buffer.from('37fa213d', 'hex');

/** Replaces the client's random masks by the one in the examples of RFC 6455, 5.7. */
export function steadyFrames({ up, down }: Exchange): Exchange {
  const pieces = readFrames(up).flatMap(({ head, mask, payload }) =>
    mask ? [head, steadyMask, masked(payload, steadyMask)] : [head, payload],
  );
  return { up: sameLength(up, Buffer.concat(pieces)), down };
}

function sameLength(before: Buffer, after: Buffer): Buffer {
  if (before.length === after.length) return after;
  throw new Error(`an exchange of ${before.length} bytes would be shown as one of ${after.length}`);
}
