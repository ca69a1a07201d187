import type { Socket } from 'node:net';

export type Direction = 'up' | 'down';

type Chunk = { readonly chunk: Buffer | string; readonly encoding: BufferEncoding };
type Done = (error?: Error | null) => void;

/** The methods through which bytes enter and leave a stream (Node.js, "API for stream implementers"). */
type Inside = {
  push: (chunk: Buffer | null, encoding?: BufferEncoding) => boolean;
  _write: (chunk: Buffer | string, encoding: BufferEncoding, done: Done) => void;
  _writev: (chunks: readonly Chunk[], done: Done) => void;
};

/**
 * Calls `see` with all bytes that a client's socket sends (`up`) and receives (`down`), in order. The socket's reader
 * is not disturbed: no listener is added that would start the flow.
 */
export function tapSocket(socket: Socket, see: (direction: Direction, bytes: Buffer) => void): void {
  const inside = socket as unknown as Inside;
  const { push, _write, _writev } = inside;
  inside.push = (chunk, encoding) => {
    if (chunk) see('down', Buffer.from(chunk));
    return push.call(socket, chunk, encoding);
  };
  inside._write = (chunk, encoding, done) => {
    see('up', bytesOf({ chunk, encoding }));
    _write.call(socket, chunk, encoding, done);
  };
  inside._writev = (chunks, done) => {
    for (const each of chunks) see('up', bytesOf(each));
    _writev.call(socket, chunks, done);
  };
}

function bytesOf({ chunk, encoding }: Chunk): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
}
