import type { WebSocket } from 'ws';

type Done = (error: Error | null, bytes: Buffer) => void;
type Work = (data: Buffer, fin: boolean, done: Done) => void;

/** The part of ws that compresses (lib/permessage-deflate.js); only it sees the compressed size of a message. */
type Deflate = { compress: Work; decompress: Work };
type Inside = { readonly _extensions: Readonly<Record<string, Deflate | undefined>> };

const extension = 'permessage-deflate';

/**
 * Watches permessage-deflate on an open socket. `sent` gets each message that left compressed, with its compressed
 * bytes. The returned function gives, while a message is being delivered, the compressed bytes in which it arrived;
 * undefined when it was not compressed. Throws when ws has moved its internals.
 */
export function watchDeflate(
  webSocket: WebSocket,
  sent: (message: Buffer, wire: Buffer) => void,
): () => Buffer | undefined {
  if (!webSocket.extensions.includes(extension)) return () => undefined;
  const deflate = (webSocket as unknown as Inside)._extensions[extension];
  if (!deflate) throw new Error(`ws: ${extension} is negotiated, and not where it was in version 8`);
  const { compress, decompress } = deflate;
  let wire: Buffer | undefined;
  deflate.compress = (message, fin, done) =>
    compress.call(deflate, message, fin, (error, bytes) => {
      if (!error) sent(message, bytes);
      done(error, bytes);
    });
  // A message is delivered before `done` returns, and so are the uncompressed ones after it: `wire` is cleared when
  // taken.
  deflate.decompress = (data, fin, done) =>
    decompress.call(deflate, data, fin, (error, bytes) => {
      wire = data;
      done(error, bytes);
    });
  return () => {
    const taken = wire;
    wire = undefined;
    return taken;
  };
}
