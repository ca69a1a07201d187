import { createHeadReader, valueBytes } from './answer-head.ts';
import { createHeldBytes } from './held-bytes.ts';

/** The other end broke HTTP or a limit; the message goes on after its name. The parser reads nothing more. */
export class AnswerFault extends Error {
  override readonly name = 'AnswerFault';
}

/** The status line and headers of an answer. One object for all answers of a parser: to be read during `onHead` only. */
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
  readonly onHead: (head: AnswerHead) => void;
  readonly onBody: (bytes: Uint8Array, start: number, end: number) => void;
  readonly onEnd: (reusable: boolean) => void;
};

export type AnswerParser = {
  /**
   * A request was sent: the next final answer is to it. `whole`: its body is passed on once, whole, or not at all if it
   * is empty; otherwise piece by piece as it comes.
   */
  readonly expect: (method: 'GET' | 'HEAD' | 'POST' | 'CONNECT', whole: boolean) => void;
  /**
   * Reads bytes `start` to `end` (exclusive). Returns the position of the first byte not read: `end`, unless 101 (or a
   * 2xx to CONNECT) ended HTTP on this connection, or `stop` was called. Throws `AnswerFault`.
   */
  readonly feed: (bytes: Uint8Array, start: number, end: number) => number;
  /** Whether a 101 (or 2xx to CONNECT) has ended HTTP on this connection. */
  readonly isUpgraded: () => boolean;
  /** The connection has ended: ends an answer whose body lasts until then. Returns whether it did. */
  readonly finish: () => boolean;
  /** Nothing more is read or passed on, not even the rest of the chunk being fed. Handlers may call it. */
  readonly stop: () => void;
};

export type AnswerLimits = {
  /** Largest body that is passed on whole. */
  readonly mostBodyBytes: number;
  /** Largest head, together with the 1xx heads before it; also the largest trailer section. Default 64 KiB. */
  readonly mostHeadBytes?: number;
};

const lf = 0x0a;
const cr = 0x0d;

/** Bytes of CR and LF that are skipped before a status line: some senders end a body with a line too many. */
const mostEmptyBytes = 8;

/** What the next byte belongs to. */
const beforeHead = 0;
const inHead = 1;
const inContent = 2;
const inChunkLine = 3;
const inChunk = 4;
const inTrailers = 5;
const untilClose = 6;
const over = 7;

const nothing = new Uint8Array();

/**
 * Reads the answers that come on one connection (RFC 9112), split anywhere. An answer within one chunk is passed on
 * without copying or allocating.
 */
export function createAnswerParser(
  sink: AnswerSink,
  { mostBodyBytes, mostHeadBytes = 64 * 1024 }: AnswerLimits,
): AnswerParser {
  const reader = createHeadReader(mostHeadBytes, refuse);
  const { fields } = reader;
  const chunkLine = createChunkLineReader();
  const body = createBody(sink, mostBodyBytes);
  let state = beforeHead;
  let expecting = false;
  let toHead = false;
  let toConnect = false;
  let closes = false;
  let upgraded = false;
  let emptyBytes = 0;
  /** Of 1xx heads before the final one. */
  let earlierHeadBytes = 0;
  /** Bytes to come of the content or the chunk. */
  let remaining = 0;

  const head: AnswerHead = {
    get status() {
      return fields.status;
    },
    get contentEncoding() {
      return fields.hasContentEncoding ? reader.header('content-encoding') : undefined;
    },
    header: reader.header,
  };

  const readBeforeHead = (byte: number) => {
    if (byte !== cr && byte !== lf) {
      if (!expecting) refuse('answered without a request');
      reader.begin(earlierHeadBytes);
      state = inHead;
      return;
    }
    emptyBytes++;
    if (emptyBytes > mostEmptyBytes) refuse('answered with too many empty lines');
  };
  const endHead = (bytes: Uint8Array) => {
    const { status, contentLength, transferEncoding } = fields;
    if (status < 200 && status !== 101) {
      earlierHeadBytes += reader.length();
      reader.forget();
      beginAnswer();
      return;
    }
    const upgrades = status === 101 || (toConnect && status < 300);
    const bodyless = upgrades || toHead || status === 204 || status === 304;
    if (!bodyless) {
      // No request asks for another (RFC 9112, 7.4).
      if (transferEncoding === 'other') refuse('answered with another transfer coding than chunked');
      body.announce(contentLength);
    }
    sink.onHead(head);
    reader.forget();
    if (state === over) return;
    if (upgrades) upgrade();
    else if (bodyless || contentLength === 0) endAnswer(bytes, persists());
    else beginBody();
  };
  /** RFC 9112, 9.3; for chunks in HTTP/1.0, 6.1. */
  const persists = () => !fields.close && (fields.minorVersion === 1 || (fields.keepAlive && !isChunked()));
  const isChunked = () => fields.transferEncoding === 'chunked';

  const upgrade = () => {
    upgraded = true;
    state = over;
  };
  /** RFC 9112, 6.3. */
  const beginBody = () => {
    remaining = fields.contentLength;
    if (isChunked()) beginChunkLine(true);
    else state = remaining > 0 ? inContent : untilClose;
  };
  const beginChunkLine = (isFirst: boolean) => {
    chunkLine.begin(isFirst);
    state = inChunkLine;
  };
  const beginAnswer = () => {
    state = beforeHead;
    emptyBytes = 0;
  };
  const endAnswer = (bytes: Uint8Array, reusable: boolean) => {
    body.end(bytes);
    if (state === over) return;
    beginAnswer();
    earlierHeadBytes = 0;
    expecting = false;
    closes = !reusable;
    sink.onEnd(reusable);
    body.clear();
  };

  const readHead = (bytes: Uint8Array, start: number, end: number): number => {
    const after = reader.read(bytes, start, end);
    if (after < 0) return end;
    if (state === inHead) endHead(bytes);
    else endAnswer(bytes, persists());
    return after;
  };
  const readChunkLine = (bytes: Uint8Array, start: number, end: number): number => {
    const after = chunkLine.read(bytes, start, end);
    if (after < 0) return end;
    remaining = chunkLine.size();
    body.announce(remaining);
    state = remaining > 0 ? inChunk : inTrailers;
    if (remaining === 0) reader.beginTrailers();
    return after;
  };
  const readContent = (bytes: Uint8Array, start: number, end: number): number => {
    const to = Math.min(end, start + remaining);
    remaining -= to - start;
    body.add(bytes, start, to);
    if (remaining > 0) return to;
    if (state === inChunk) beginChunkLine(false);
    else endAnswer(bytes, persists());
    return to;
  };
  /** Reads at least one byte or changes the state. Returns the position of the next byte. */
  const step = (bytes: Uint8Array, start: number, end: number): number => {
    switch (state) {
      case beforeHead:
        readBeforeHead(bytes[start]!);
        return state === beforeHead ? start + 1 : start;
      case inHead:
      case inTrailers:
        return readHead(bytes, start, end);
      case inChunkLine:
        return readChunkLine(bytes, start, end);
      case untilClose:
        body.add(bytes, start, end);
        return end;
      default:
        return readContent(bytes, start, end);
    }
  };
  return {
    expect: (method, whole) => {
      if (state === over) return;
      if (expecting) throw new Error('a request was sent before the last one was answered');
      // On a closing connection nothing is an answer to it.
      expecting = !closes;
      toHead = method === 'HEAD';
      toConnect = method === 'CONNECT';
      body.begin(whole);
    },
    feed: (bytes, start, end) => {
      let i = start;
      try {
        while (i < end && state !== over) i = step(bytes, i, end);
        body.keep(bytes);
      } catch (error) {
        state = over;
        throw error;
      }
      return i;
    },
    isUpgraded: () => upgraded,
    finish: () => {
      if (state !== untilClose) return false;
      endAnswer(nothing, false);
      return true;
    },
    stop: () => {
      state = over;
    },
  };
}

function refuse(why: string): never {
  throw new AnswerFault(why);
}

type Body = {
  readonly begin: (whole: boolean) => void;
  /** So many bytes will come: refuses them before they do. */
  readonly announce: (more: number) => void;
  readonly add: (bytes: Uint8Array, start: number, end: number) => void;
  /** The chunk `bytes` is over. */
  readonly keep: (bytes: Uint8Array) => void;
  readonly end: (bytes: Uint8Array) => void;
  readonly clear: () => void;
};

/** Passes a body on piece by piece, or collects it. A whole one that lies in one chunk and in one piece is not copied. */
function createBody({ onBody }: AnswerSink, mostBytes: number): Body {
  const held = createHeldBytes();
  let whole = false;
  let length = 0;
  // The only piece so far: a part of the chunk being fed, not copied yet.
  let from = 0;
  let to = 0;

  const keep = (bytes: Uint8Array) => {
    if (to > from) held.append(bytes, from, to);
    from = to = 0;
  };
  const announce = (more: number) => {
    if (whole && length + more > mostBytes) refuse(`answered with more than ${mostBytes} bytes`);
  };
  const collect = (bytes: Uint8Array, start: number, end: number) => {
    announce(end - start);
    if (length === 0) {
      from = start;
      to = end;
    } else {
      keep(bytes);
      held.append(bytes, start, end);
    }
    length += end - start;
  };
  return {
    begin: (asWhole) => {
      whole = asWhole;
    },
    announce,
    add: (bytes, start, end) => (whole ? collect : onBody)(bytes, start, end),
    keep,
    end: (bytes) => {
      if (length === 0) return;
      if (to > from) onBody(bytes, from, to);
      else onBody(held.bytes(), 0, held.length());
    },
    clear: () => {
      length = from = to = 0;
      held.clear();
    },
  };
}

type ChunkLineReader = {
  /** Any but the first line ends the chunk before it first. */
  readonly begin: (isFirst: boolean) => void;
  /** Returns the position after the line, or -1 while it is incomplete. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => number;
  /** Bytes of the chunk; 0 for the last. */
  readonly size: () => number;
};

/** Of one line, whose extensions nobody reads. */
const mostChunkLineBytes = 16 * 1024;

const space = 0x20;
const tab = 0x09;
const semicolon = 0x3b;

/** What the next byte of a chunk line belongs to. */
const beforeCr = 0;
const beforeLf = 1;
const firstDigit = 2;
const laterDigit = 3;
const blankBeforeExtension = 4;
const inExtension = 5;
const beforeLastLf = 6;

/** Reads the lines between the chunks (RFC 9112, 7.1). */
function createChunkLineReader(): ChunkLineReader {
  let state = beforeCr;
  let size = 0;
  let length = 0;

  const readByte = (byte: number) => {
    switch (state) {
      case beforeCr:
        if (byte !== cr) refuse('answered with a chunk longer than its size');
        state = beforeLf;
        return;
      case beforeLf:
        if (byte !== lf) refuse('answered with a chunk longer than its size');
        state = firstDigit;
        return;
      case inExtension:
        if (byte === cr) state = beforeLastLf;
        else if (valueBytes[byte] === 0) refuse('answered with a control character in a chunk extension');
        return;
      case beforeLastLf:
        if (byte !== lf) refuse('answered with a chunk size that CR follows, and not LF');
        return;
      default:
        readSizeByte(byte);
    }
  };
  const readSizeByte = (byte: number) => {
    const digit = hexDigitOf(byte);
    if (digit >= 0 && state !== blankBeforeExtension) {
      size = size * 16 + digit;
      if (size > Number.MAX_SAFE_INTEGER) refuse('answered with a chunk too large to count');
      state = laterDigit;
    } else if (state === firstDigit) refuse('answered with a chunk without a size');
    else if (byte === cr && state === laterDigit) state = beforeLastLf;
    else if (byte === semicolon) state = inExtension;
    // Nobody should send it, and everybody has to read it (RFC 9110, 5.6.3).
    else if (byte === space || byte === tab) state = blankBeforeExtension;
    else refuse('answered with a chunk size that is no hexadecimal number');
  };
  return {
    begin: (isFirst) => {
      state = isFirst ? firstDigit : beforeCr;
      size = 0;
      length = 0;
    },
    read: (bytes, start, end) => {
      for (let i = start; i < end; i++) {
        length++;
        if (length > mostChunkLineBytes) refuse(`answered with a chunk size in more than ${mostChunkLineBytes} bytes`);
        readByte(bytes[i]!);
        if (state === beforeLastLf && bytes[i] === lf) return i + 1;
      }
      return -1;
    },
    size: () => size,
  };
}

/** -1 for what is no hexadecimal digit. */
function hexDigitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
