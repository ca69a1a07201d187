import { constants, createGunzip } from 'node:zlib';
import type { Route } from '../../network/route/route.ts';

/** Whether an answer's body is gzip, the only encoding that this client can read. */
export function isGzip(contentEncoding: string | undefined): boolean {
  return contentEncoding?.trim().toLowerCase() === 'gzip';
}

/**
 * Why an answer's body cannot be read, or undefined when it can. Some proxies compress with an encoding that was not
 * requested, and the browser's headers request more than this client can read.
 */
export function whyUnreadable(
  contentEncoding: string | undefined,
  { headers: profile }: Pick<Route, 'headers'>,
): string | undefined {
  if (contentEncoding === undefined || contentEncoding === 'identity' || isGzip(contentEncoding)) return undefined;
  const asked =
    profile === 'browser' ? 'which a browser asks for and this client cannot read' : 'which was not asked for';
  return `answered with content-encoding ${contentEncoding.slice(0, 40)}, ${asked}`;
}

/** Handlers of a compressed stream. */
export type StreamReading = {
  /** Decompressed bytes, in arbitrary chunks. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => void;
  /** Everything in this piece of the compressed body has been read. */
  readonly taken: (piece: Uint8Array) => void;
  /** The stream is broken, or `read` threw. */
  readonly failed: (error: Error) => void;
};

/** A gzip body (RFC 1952) that arrives piece by piece and may end anywhere. */
export type CompressedStream = {
  readonly write: (piece: Uint8Array) => void;
  /** Nothing more will come; `done` runs after everything so far has been read. */
  readonly finish: (done: () => void) => void;
};

export function openCompressedStream({ read, taken, failed }: StreamReading): CompressedStream {
  // Sync flush, because a lost connection may cut the stream short: not an error of the stream.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  gunzip.on('error', failed);
  gunzip.on('data', (bytes: Buffer) => {
    try {
      read(bytes, 0, bytes.length);
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
