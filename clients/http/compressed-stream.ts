import { constants, createGunzip } from 'node:zlib';
import type { Route } from '../../network/route/route.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Whether an answer's body is compressed; gzip is all that is asked for and understood here. */
export function isGzip(headers: Headers): boolean {
  return headers['content-encoding'] === 'gzip';
}

/**
 * Why the body of an answer cannot be read: some proxies compress by what they were not asked for. Undefined where it can.
 * The headers of a browser ask for more than is understood here.
 */
export function whyUnreadable(headers: Headers, { headers: profile }: Route): string | undefined {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity' || isGzip(headers)) return undefined;
  const asked =
    profile === 'browser' ? 'which a browser asks for and this client cannot read' : 'which was not asked for';
  return `answered with content-encoding ${String(encoding).slice(0, 40)}, ${asked}`;
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
