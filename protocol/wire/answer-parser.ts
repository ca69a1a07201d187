import { createHeadReader, type HeadReader, valueBytes } from './answer-head.ts';
import { createHeldBytes, type HeldBytes } from './held-bytes.ts';
import { createSpares } from './spares.ts';

/** The other end broke HTTP or a limit; the message goes on after its name. The parser reads nothing more. */
export class AnswerFault extends Error {
  override readonly name = 'AnswerFault';
}

/** The status line and headers of an answer. To be read during `onHead` only: other answers get the same object. */
export type AnswerHead = {
  readonly status: number;
  /** Value of `content-encoding`, undefined if absent. Repeated ones joined with `, `. */
  readonly contentEncoding: string | undefined;
  /** Value of any header by its lower-case name; repeated ones joined with `, `. */
  readonly header: (name: string) => string | undefined;
};

/**
 * Gets one answer after the other: its head, its body (bytes `start` to `end`, exclusive, valid during the call, a
 * whole one until `onEnd` has returned) and its end. `reusable`: whether the connection may carry another request. What
 * a handler throws, `feed` throws.
 */
export type AnswerSink = {
  onHead(head: AnswerHead): void;
  onBody(bytes: Uint8Array, start: number, end: number): void;
  onEnd(reusable: boolean): void;
};

type Method = 'GET' | 'HEAD' | 'POST' | 'CONNECT';

export type AnswerParser = {
  /**
   * A request was sent: the next final answer is to it. `whole`: its body is passed on once, whole, or not at all if it
   * is empty; otherwise piece by piece as it comes.
   */
  expect(method: Method, whole: boolean): void;
  /**
   * Reads bytes `start` to `end` (exclusive). Returns the position of the first byte not read: `end`, unless 101 (or a
   * 2xx to CONNECT) ended HTTP on this connection, or `stop` was called. Throws `AnswerFault`.
   */
  feed(bytes: Uint8Array, start: number, end: number): number;
  /** Whether a 101 (or 2xx to CONNECT) has ended HTTP on this connection. */
  isUpgraded(): boolean;
  /** The connection has ended: ends an answer whose body lasts until then. Returns whether it did. */
  finish(): boolean;
  /** Nothing more is read or passed on, not even the rest of the chunk being fed. Handlers may call it. */
  stop(): void;
};

export type AnswerLimits = {
  /** Largest body that is passed on whole. */
  readonly mostBodyBytes: number;
  /** Largest head, together with the 1xx heads before it; also the largest trailer section. Default 64 KiB. */
  readonly mostHeadBytes?: number;
};

const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const tab = 0x09;
const semicolon = 0x3b;

/** Bytes of CR and LF that are skipped before a status line: some senders end a body with a line too many. */
const mostEmptyBytes = 8;
/** Of one line between chunks, whose extensions are ignored. */
const mostChunkLineBytes = 16 * 1024;
/** Of a size that is read at once: they fit in 32 bits. */
const fewDigits = 8;

/** What the next byte belongs to. */
const beforeHead = 0;
const inHead = 1;
const inTrailers = 2;
const inContent = 3;
const inChunk = 4;
const untilClose = 5;
const over = 6;
/** In the lines between the chunks (RFC 9112, 7.1), each with the CRLF that ends the chunk before it. */
const beforeCr = 7;
const beforeLf = 8;
const firstDigit = 9;
const laterDigit = 10;
const blankBeforeExtension = 11;
const inExtension = 12;
const beforeLastLf = 13;

const nothing = new Uint8Array();

type Reader = HeadReader & { readonly head: AnswerHead };

const readers = createSpares(createReader);
/** For whole bodies that cross chunks or come in several. */
const rooms = createSpares(createHeldBytes);

/**
 * Reads the answers that come on one connection (RFC 9112), split anywhere. An answer within one chunk is passed on
 * without copying or allocating.
 */
export function createAnswerParser(sink: AnswerSink, limits: AnswerLimits): AnswerParser {
  return new ConnectionParser(sink, limits);
}

/**
 * A class, because a process has thousands of parsers, none of which is in the cache when bytes come. What is needed
 * only at times is lent to it.
 */
class ConnectionParser implements AnswerParser {
  // First what a stream needs for each delivery.
  readonly #sink: AnswerSink;
  #state = beforeHead;
  #isWhole = false;
  /** Read of the current chunk line. */
  #lineBytes = 0;
  /** Of a whole body: its only piece so far, a part of the chunk being fed that is not copied yet. */
  #pieceEnd = 0;
  #pieceStart = 0;
  /** Of a whole body so far. */
  #bodyBytes = 0;
  /** Bytes to come of the content or the chunk; in a chunk line, what its digits have said so far, from 0 on. */
  #remaining = 0;
  #isExpecting = false;
  #method: Method = 'GET';
  /** Whether another request may follow the answer being read, or the last one. */
  #persists = true;
  #isUpgraded = false;
  #emptyBytes = 0;
  /** Of 1xx heads before the final one. */
  #earlierHeadBytes = 0;
  /** In a head or a trailer section. */
  #reader: Reader | undefined;
  /** What was copied of a whole body. */
  #held: HeldBytes | undefined;
  readonly #mostBodyBytes: number;
  readonly #mostHeadBytes: number;

  constructor(sink: AnswerSink, { mostBodyBytes, mostHeadBytes = 64 * 1024 }: AnswerLimits) {
    this.#sink = sink;
    this.#mostBodyBytes = mostBodyBytes;
    this.#mostHeadBytes = mostHeadBytes;
  }

  expect(method: Method, whole: boolean): void {
    if (this.#state === over) return;
    if (this.#isExpecting) throw new Error('a request was sent before the last one was answered');
    // On a closing connection nothing is an answer to it.
    this.#isExpecting = this.#persists;
    this.#method = method;
    this.#isWhole = whole;
  }

  feed(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    try {
      while (i < end && this.#state !== over) i = this.#step(bytes, i, end);
      this.#keepPiece(bytes);
    } catch (error) {
      this.stop();
      throw error;
    }
    return i;
  }

  isUpgraded(): boolean {
    return this.#isUpgraded;
  }

  finish(): boolean {
    if (this.#state !== untilClose) return false;
    this.#endAnswer(nothing);
    return true;
  }

  /** What was lent is not given back: the caller may be a handler that is reading it. */
  stop(): void {
    this.#state = over;
    this.#reader = undefined;
    this.#held = undefined;
    this.#pieceStart = this.#pieceEnd = 0;
  }

  /** Reads at least one byte or changes the state. Returns the position of the next byte. */
  #step(bytes: Uint8Array, start: number, end: number): number {
    switch (this.#state) {
      case beforeHead:
        return this.#readBeforeHead(bytes, start);
      case inHead:
      case inTrailers:
        return this.#readSection(bytes, start, end);
      case inContent:
      case inChunk:
        return this.#readContent(bytes, start, end);
      case untilClose:
        this.#addBody(bytes, start, end);
        return end;
      case firstDigit:
        return this.#readChunks(bytes, start, end);
      default:
        return this.#readChunkLine(bytes, start, end);
    }
  }

  #readBeforeHead(bytes: Uint8Array, start: number): number {
    const byte = bytes[start];
    if (byte === cr || byte === lf) {
      this.#emptyBytes++;
      if (this.#emptyBytes > mostEmptyBytes) refuse('answered with too many empty lines');
      return start + 1;
    }
    if (!this.#isExpecting) refuse('answered without a request');
    this.#reader = readers.take();
    this.#reader.begin(this.#mostHeadBytes, this.#earlierHeadBytes);
    this.#state = inHead;
    return start;
  }

  #readSection(bytes: Uint8Array, start: number, end: number): number {
    const reader = this.#reader!;
    const after = reader.read(bytes, start, end);
    if (after < 0) return end;
    this.#reader = undefined;
    if (this.#state === inHead) this.#endHead(bytes, reader);
    else {
      giveBack(reader);
      this.#endAnswer(bytes);
    }
    return after;
  }

  #endHead(bytes: Uint8Array, reader: Reader): void {
    const { status, contentLength, transferEncoding } = reader.fields;
    if (status < 200 && status !== 101) {
      this.#earlierHeadBytes += reader.length();
      giveBack(reader);
      this.#beginAnswer();
      return;
    }
    const upgrades = status === 101 || (this.#method === 'CONNECT' && status < 300);
    const bodyless = upgrades || this.#method === 'HEAD' || status === 204 || status === 304;
    if (!bodyless) {
      // No request asks for another (RFC 9112, 7.4).
      if (transferEncoding === 'other') refuse('answered with another transfer coding than chunked');
      this.#announceBody(contentLength);
    }
    this.#persists = persists(reader);
    this.#sink.onHead(reader.head);
    giveBack(reader);
    if (this.#state === over) return;
    if (upgrades) this.#upgrade();
    else if (bodyless || contentLength === 0) this.#endAnswer(bytes);
    else if (transferEncoding === 'chunked') this.#beginChunkLine(firstDigit);
    else this.#beginContent(contentLength);
  }

  #upgrade(): void {
    this.#isUpgraded = true;
    this.#state = over;
  }

  /** RFC 9112, 6.3. */
  #beginContent(contentLength: number): void {
    this.#remaining = contentLength;
    this.#state = contentLength > 0 ? inContent : untilClose;
    if (contentLength < 0) this.#persists = false;
  }

  #beginAnswer(): void {
    this.#state = beforeHead;
    this.#emptyBytes = 0;
  }

  #endAnswer(bytes: Uint8Array): void {
    if (this.#bodyBytes > 0) this.#passWholeBody(bytes);
    if (this.#state === over) return;
    this.#beginAnswer();
    this.#earlierHeadBytes = 0;
    this.#isExpecting = false;
    this.#sink.onEnd(this.#persists);
    if (this.#bodyBytes > 0) this.#forgetBody();
  }

  #readContent(bytes: Uint8Array, start: number, end: number): number {
    const to = Math.min(end, start + this.#remaining);
    this.#remaining -= to - start;
    this.#addBody(bytes, start, to);
    if (this.#remaining > 0 || this.#state === over) return to;
    if (this.#state === inChunk) this.#beginChunkLine(beforeCr);
    else this.#endAnswer(bytes);
    return to;
  }

  /**
   * The usual case of a stream: chunks that lie in these bytes, each with its line and its end. Everything else about
   * chunks is left to `#readChunkLine` and `#readContent`.
   */
  #readChunks(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (!this.#isWhole) {
      const lineEnd = afterDigits(bytes, at, Math.min(end, at + fewDigits));
      const from = lineEnd + 2;
      const to = from + sizeOf(bytes, at, lineEnd);
      if (to === from || to + 2 > end || !isLineEnd(bytes, lineEnd) || !isLineEnd(bytes, to)) break;
      this.#sink.onBody(bytes, from, to);
      if (this.#state === over) return to;
      at = to + 2;
      // As it is after the end of a chunk.
      this.#lineBytes = 2;
    }
    return at < end ? this.#readChunkLine(bytes, at, end) : end;
  }

  #beginChunkLine(state: typeof firstDigit | typeof beforeCr): void {
    this.#state = state;
    this.#lineBytes = 0;
  }

  #readChunkLine(bytes: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i++) {
      this.#lineBytes++;
      if (this.#lineBytes > mostChunkLineBytes) {
        refuse(`answered with a chunk size in more than ${mostChunkLineBytes} bytes`);
      }
      const byte = bytes[i]!;
      this.#state = stateAfter(this.#state, byte);
      if (this.#state === laterDigit) this.#addDigit(byte);
      if (this.#state === inChunk) {
        this.#beginChunk();
        return i + 1;
      }
    }
    return end;
  }

  #addDigit(byte: number): void {
    this.#remaining = this.#remaining * 16 + hexDigitOf(byte);
    if (this.#remaining > Number.MAX_SAFE_INTEGER) refuse('answered with a chunk too large to count');
  }

  #beginChunk(): void {
    this.#announceBody(this.#remaining);
    if (this.#remaining > 0) return;
    this.#reader = readers.take();
    this.#reader.beginTrailers(this.#mostHeadBytes);
    this.#state = inTrailers;
  }

  /** So many bytes will come: refuses them before they do. */
  #announceBody(more: number): void {
    if (this.#isWhole && this.#bodyBytes + more > this.#mostBodyBytes) {
      refuse(`answered with more than ${this.#mostBodyBytes} bytes`);
    }
  }

  #addBody(bytes: Uint8Array, start: number, end: number): void {
    if (this.#isWhole) this.#collect(bytes, start, end);
    else this.#sink.onBody(bytes, start, end);
  }

  /** A whole body that lies in one chunk and in one piece is not copied. */
  #collect(bytes: Uint8Array, start: number, end: number): void {
    this.#announceBody(end - start);
    if (this.#bodyBytes === 0) {
      this.#pieceStart = start;
      this.#pieceEnd = end;
    } else {
      this.#keepPiece(bytes);
      this.#hold(bytes, start, end);
    }
    this.#bodyBytes += end - start;
  }

  #keepPiece(bytes: Uint8Array): void {
    if (this.#pieceEnd === 0) return;
    this.#hold(bytes, this.#pieceStart, this.#pieceEnd);
    this.#pieceStart = this.#pieceEnd = 0;
  }

  #hold(bytes: Uint8Array, start: number, end: number): void {
    this.#held ??= rooms.take();
    this.#held.append(bytes, start, end);
  }

  #passWholeBody(bytes: Uint8Array): void {
    if (this.#pieceEnd > 0) this.#sink.onBody(bytes, this.#pieceStart, this.#pieceEnd);
    else this.#sink.onBody(this.#held!.bytes(), 0, this.#bodyBytes);
  }

  #forgetBody(): void {
    this.#bodyBytes = this.#pieceStart = this.#pieceEnd = 0;
    if (this.#held === undefined) return;
    this.#held.clear();
    rooms.giveBack(this.#held);
    this.#held = undefined;
  }
}

function refuse(why: string): never {
  throw new AnswerFault(why);
}

function createReader(): Reader {
  const reader = createHeadReader(refuse);
  const { fields, header } = reader;
  const head: AnswerHead = {
    get status() {
      return fields.status;
    },
    get contentEncoding() {
      return fields.hasContentEncoding ? header('content-encoding') : undefined;
    },
    header,
  };
  return { ...reader, head };
}

function giveBack(reader: Reader): void {
  reader.forget();
  readers.giveBack(reader);
}

/** RFC 9112, 9.3; for chunks in HTTP/1.0, 6.1. */
function persists({ fields }: Reader): boolean {
  const { close, minorVersion, keepAlive, transferEncoding } = fields;
  return !close && (minorVersion === 1 || (keepAlive && transferEncoding !== 'chunked'));
}

/** What follows `byte` in a chunk line; `inChunk` after its last one, `laterDigit` after each digit. */
function stateAfter(state: number, byte: number): number {
  switch (state) {
    case beforeCr:
      if (byte !== cr) refuse('answered with a chunk longer than its size');
      return beforeLf;
    case beforeLf:
      if (byte !== lf) refuse('answered with a chunk longer than its size');
      return firstDigit;
    case inExtension:
      if (byte === cr) return beforeLastLf;
      if (valueBytes[byte] === 0) refuse('answered with a control character in a chunk extension');
      return inExtension;
    case beforeLastLf:
      if (byte !== lf) refuse('answered with a chunk size that CR follows, and not LF');
      return inChunk;
    default:
      return stateAfterSize(state, byte);
  }
}

function stateAfterSize(state: number, byte: number): number {
  if (state !== blankBeforeExtension && hexDigitOf(byte) >= 0) return laterDigit;
  if (state === firstDigit) refuse('answered with a chunk without a size');
  if (byte === cr && state === laterDigit) return beforeLastLf;
  if (byte === semicolon) return inExtension;
  // Senders should not send it, but recipients must accept it (RFC 9110, 5.6.3).
  if (byte === space || byte === tab) return blankBeforeExtension;
  return refuse('answered with a chunk size that is no hexadecimal number');
}

/** Position of the first byte that is no hexadecimal digit. */
function afterDigits(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && hexDigitOf(bytes[i]!) >= 0) i++;
  return i;
}

/** The number in hexadecimal digits; 0 without any. */
function sizeOf(bytes: Uint8Array, start: number, end: number): number {
  let size = 0;
  for (let i = start; i < end; i++) size = size * 16 + hexDigitOf(bytes[i]!);
  return size;
}

function isLineEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === cr && bytes[at + 1] === lf;
}

/** -1 for what is no hexadecimal digit. */
function hexDigitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
