import { constants, createGunzip } from 'node:zlib';

/** Whether an answer's body is compressed; gzip is all that is asked for and understood here. */
export function isGzip(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return headers['content-encoding'] === 'gzip';
}

export type StreamReading = {
  /** Decompressed bytes, cut at any place. */
  readonly read: (bytes: Buffer) => void;
  /** All that this piece of the compressed body brought has been read. */
  readonly taken: (piece: Buffer) => void;
  /** The stream is broken, or `read` threw. */
  readonly failed: (error: Error) => void;
};

/** A compressed body (RFC 1952) that comes piece by piece and may end anywhere. */
export type CompressedStream = {
  readonly write: (piece: Buffer) => void;
  /** Nothing more will come: calls back when what came has been read. */
  readonly finish: (done: () => void) => void;
};

export function openCompressedStream({ read, taken, failed }: StreamReading): CompressedStream {
  // A lost connection cuts the stream short, which is no error of the stream.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  gunzip.on('error', failed);
  gunzip.on('data', (bytes: Buffer) => {
    try {
      read(bytes);
    } catch (error) {
      gunzip.destroy(error as Error);
    }
  });
  return {
    write: (piece) => {
      gunzip.write(piece, (error) => {
        if (!error) taken(piece);
      });
    },
    finish: (done) => {
      if (gunzip.closed) {
        done();
        return;
      }
      gunzip.once('close', done);
      gunzip.end();
    },
  };
}
