import type { WebSocket } from 'ws';

type Done = (error: Error | null, bytes: Buffer) => void;
type Work = (data: Buffer, fin: boolean, done: Done) => void;

/** The part of a WebSocket that compresses (lib/permessage-deflate.js of ws): only it knows what size a message had. */
type Deflate = { compress: Work; decompress: Work };
type Inside = { readonly _extensions: Readonly<Record<string, Deflate | undefined>> };

const extension = 'permessage-deflate';

/**
 * Watches what permessage-deflate makes of the messages of an open socket. `sent` gets each message that left compressed,
 * with its compressed bytes. Returns how to take, while a message is handed over, the bytes as which it came; undefined
 * when it was not compressed. Throws where ws hides the part that is watched.
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
  // The message is handed over before `done` returns, and those after it that came as they are as well.
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
