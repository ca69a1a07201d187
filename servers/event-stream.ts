import { constants, crc32, createGzip } from 'node:zlib';
import type { Compression } from './compression.ts';
import type { Exchange } from './endpoint.ts';
import { deflatedPart } from './stream/deflated-part.ts';
import type { RetainedUpdate } from './stream/retained-update.ts';

type Response = Exchange['response'];

/** The endless body of a response. Everything is flushed at once: an event must not wait for the next one. */
export type EventStream = {
  send(update: RetainedUpdate): void;
  /** Sends anything but updates: comments, ids, named events. */
  say(text: string): void;
  /** Sends a last text and ends the body. */
  end(text: string): void;
  /** Bytes that still wait to be sent, counted before compression if they wait for that. */
  unsentBytes(): number;
  onDrain(drained: () => void): void;
};

/** `compression`: null also when the client accepts none. */
export function openEventStream(response: Response, compression: Compression): EventStream {
  if (compression === null) return new PlainStream(response);
  return compression.contextTakeover ? continuedStream(response) : independentStream(response);
}

/** A class, because a node has thousands. */
class PlainStream implements EventStream {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
  }

  send({ event }: RetainedUpdate): void {
    this.#response.write(event);
  }

  say(text: string): void {
    this.#response.write(text);
  }

  end(text: string): void {
    this.#response.end(text);
  }

  unsentBytes(): number {
    return this.#response.writableLength;
  }

  onDrain(drained: () => void): void {
    this.#response.on('drain', drained);
  }
}

/**
 * One gzip stream (RFC 1952) per client, flushed after each event. Events refer to earlier ones, so each stream has its
 * own window and compresses for itself: an update is compressed once per reader.
 */
function continuedStream(response: Response): EventStream {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.on('error', () => response.destroy());
  gzip.pipe(response);
  response.once('close', () => gzip.destroy());
  return {
    send: ({ event }) => gzip.write(event),
    say: (text) => gzip.write(text),
    end: (text) => gzip.end(text),
    unsentBytes: () => gzip.writableLength + gzip.readableLength + response.writableLength,
    onDrain: (drained) => {
      gzip.on('drain', drained);
      response.on('drain', drained);
    },
  };
}

/** Header (RFC 1952, 2.3): magic, deflate, no flags, no time, no extra flags, Unix. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** An empty last block (RFC 1951, 3.2.6). */
const lastBlock = Buffer.from([3, 0]);

/** A gzip stream joined from parts without back-references; all readers share the parts of updates. */
function independentStream(response: Response): EventStream {
  let begun = false;
  let checksum = 0;
  let plainBytes = 0;
  const next = (plain: Buffer, part: Buffer): Buffer => {
    checksum = crc32(plain, checksum);
    plainBytes += plain.length;
    if (begun) return part;
    begun = true;
    return Buffer.concat([gzipHead, part]);
  };
  const said = (text: string) => {
    const plain = Buffer.from(text);
    return next(plain, deflatedPart(plain));
  };
  const trailer = () => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(checksum, 0);
    bytes.writeUInt32LE(plainBytes % 2 ** 32, 4);
    return bytes;
  };
  return {
    unsentBytes: () => response.writableLength,
    onDrain: (drained) => response.on('drain', drained),
    send: ({ event, deflatedEvent }) => response.write(next(event, deflatedEvent)),
    say: (text) => response.write(said(text)),
    end: (text) => response.end(Buffer.concat([said(text), lastBlock, trailer()])),
  };
}
