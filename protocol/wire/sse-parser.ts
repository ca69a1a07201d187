import { createHeldBytes, type HeldBytes } from './held-bytes.ts';

export type SseHandlers = {
  /**
   * An event with data. `type` is `message` unless the event has a name. Its data, with lines joined by LF, are the
   * bytes `start` to `end` (exclusive), which are valid only during the call.
   */
  onEvent(type: string, bytes: Uint8Array, start: number, end: number): void;
  /** The server asks for this reconnection time in milliseconds. */
  onRetry?(ms: number): void;
  /** A comment line: a heartbeat. */
  onComment?(): void;
};

export type SseOptions = {
  /** Largest event in bytes: its data so far plus the line being read, field name included. Default 16 MiB. */
  readonly maximumBytes?: number;
};

export type SseParser = {
  /**
   * Feeds the next bytes of the stream, split anywhere: `start` to `end` (exclusive). Reports the events that they
   * complete; after the call nothing refers to `bytes`. Throws `EventTooLarge`. Once it or a handler has thrown, the
   * parser must not be used.
   */
  feed(bytes: Uint8Array, start: number, end: number): void;
  /**
   * The last event id (HTML standard, 9.2.6), empty if there is none: during `onEvent` that of the event, which
   * inherits it if it has none. An id counts from the blank line on, so that of an unfinished event does not.
   */
  lastEventId(): string;
};

/** Thrown for an event beyond `maximumBytes`. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

const lf = 0x0a;
const cr = 0x0d;
const colon = 0x3a;
const space = 0x20;
const digit0 = 0x30;
const digit9 = 0x39;
const newline = Uint8Array.of(lf);
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);
/** A mark within the stream is a character like others. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const encoder = new TextEncoder();
const names = {
  data: encoder.encode('data'),
  event: encoder.encode('event'),
  id: encoder.encode('id'),
  retry: encoder.encode('retry'),
};
const beforeId = encoder.encode('id: ');
const betweenIdAndData = encoder.encode('\ndata: ');

/** In place of an id as a number. */
const noId = -1;
const idInBytes = -2;
/** So small that engines keep it in the parser itself; a larger number is an object, made for each event. */
const mostIdDigits = 9;

/**
 * Reads one event stream (HTML standard, 9.2.6: https://html.spec.whatwg.org/multipage/server-sent-events.html). Each
 * connection needs a new parser; an unfinished event is dropped with its stream.
 * Works on bytes, which is safe in UTF-8: line ends, colons and field names are ASCII, and no byte of a longer code
 * point is. Only names of events become strings, and an id when it is asked for.
 */
export function createSseParser(
  handlers: SseHandlers,
  { maximumBytes = 16 * 1024 * 1024 }: SseOptions = {},
): SseParser {
  return new EventStreamParser(handlers, maximumBytes);
}

/**
 * A class, because a process has thousands of parsers, none of which is in the cache when bytes come. First the fields
 * that the usual case needs: they are neighbours in memory.
 */
class EventStreamParser implements SseParser {
  /** The next byte begins a line, and no line came since the last blank one. */
  #isBetween = false;
  #afterCr = false;
  /** A number if it reads the same when written in decimal: ids of our servers, which so need no copy. */
  #lastId = noId;
  readonly #handlers: SseHandlers;
  readonly #maximumBytes: number;
  #isFirstLine = true;
  /** Of the event being read. */
  #hasData = false;
  #type = '';
  #ownId = noId;
  /** Where a single line of data lies, the usual case, until `feed` ends. */
  #single: Uint8Array | undefined;
  #singleStart = 0;
  #singleEnd = 0;
  /** The data otherwise. */
  #joined: HeldBytes | undefined;
  /** The start of a line that began in an earlier chunk; once that line is whole, all of it until the chunk is read. */
  #line: HeldBytes | undefined;
  #lastIdBytes: HeldBytes | undefined;
  #ownIdBytes: HeldBytes | undefined;

  constructor(handlers: SseHandlers, maximumBytes: number) {
    this.#handlers = handlers;
    this.#maximumBytes = maximumBytes;
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    const from = this.#afterCr && bytes[start] === lf ? start + 1 : start;
    this.#afterCr = false;
    const nextCr = positionOf(cr, bytes, from, end);
    const at = this.#isBetween ? this.#readWhole(bytes, from, Math.min(nextCr, end)) : from;
    if (at < end) this.#readLines(bytes, at, end, nextCr);
  }

  lastEventId(): string {
    if (this.#lastId >= 0) return String(this.#lastId);
    return this.#lastId === idInBytes ? decoder.decode(this.#lastIdBytes?.bytes()) : '';
  }

  /**
   * The usual case: events of a number as id, then one line of data, which lie in this chunk and have no CR. Stops at
   * the first that is another, and returns where; everything else is left to `#readLines`.
   */
  #readWhole(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (startsWith(bytes, at, end, beforeId)) {
      const idStart = at + beforeId.length;
      const idEnd = endOfDigits(bytes, idStart, end);
      if (!startsWith(bytes, idEnd, end, betweenIdAndData)) return at;
      const id = idNumber(bytes, idStart, idEnd);
      const dataStart = idEnd + betweenIdAndData.length;
      const dataEnd = positionOf(lf, bytes, dataStart, end);
      // The limit is for each line: with all of the event within it, both are.
      if (id < 0 || dataEnd - at > this.#maximumBytes) return at;
      if (dataEnd + 1 >= end || bytes[dataEnd + 1] !== lf) return at;
      this.#lastId = id;
      at = dataEnd + 2;
      this.#handlers.onEvent('message', bytes, dataStart, dataEnd);
    }
    return at;
  }

  /**
   * Lines end in LF, CR or CRLF (HTML standard, 9.2.6: `end-of-line`). One is read once its end has arrived; a CR ends
   * it at once, whether or not LF follows. `firstCr`: the first from `start` on, `end` or beyond if there is none.
   */
  #readLines(bytes: Uint8Array, start: number, end: number, firstCr: number): void {
    let from = start;
    // Each position is kept until reading passes it, so the bytes are searched only once for LF and once for CR.
    let nextLf = positionOf(lf, bytes, from, end);
    let nextCr = firstCr;
    let isHeld = lengthOf(this.#line) > 0;
    for (let lineEnd = Math.min(nextLf, nextCr); lineEnd < end; lineEnd = Math.min(nextLf, nextCr)) {
      if (isHeld) this.#endHeldLine(bytes, from, lineEnd);
      else this.#onLine(bytes, from, lineEnd);
      isHeld = false;
      from = lineEnd + 1;
      if (lineEnd === nextCr) {
        if (from === end) this.#afterCr = true;
        else if (nextLf === from) from++;
        nextCr = positionOf(cr, bytes, from, end);
      }
      if (nextLf < from) nextLf = positionOf(lf, bytes, from, end);
    }
    this.#pause(isHeld, bytes, from, end);
  }

  #endHeldLine(bytes: Uint8Array, start: number, end: number): void {
    const line = this.#lineHeld();
    line.append(bytes, start, end);
    this.#onLine(line.bytes(), 0, line.length());
  }

  #lineHeld(): HeldBytes {
    this.#line ??= createHeldBytes();
    return this.#line;
  }

  /** No more lines end in the bytes being fed. `isHeld`: nor did the one that an earlier chunk began. */
  #pause(isHeld: boolean, bytes: Uint8Array, start: number, end: number): void {
    this.#checkSize((isHeld ? lengthOf(this.#line) : 0) + end - start);
    this.#holdSingle();
    if (!isHeld) this.#line?.clear();
    if (start === end) return;
    this.#isBetween = false;
    this.#lineHeld().append(bytes, start, end);
  }

  #onLine(bytes: Uint8Array, start: number, end: number): void {
    this.#checkSize(end - start);
    const marked = this.#isFirstLine && startsWith(bytes, start, end, byteOrderMark);
    this.#isFirstLine = false;
    this.#readLine(bytes, marked ? start + byteOrderMark.length : start, end);
  }

  #checkSize(lineBytes: number): void {
    const dataBytes = lengthOf(this.#joined) + (this.#single ? this.#singleEnd - this.#singleStart : 0);
    if (dataBytes + lineBytes > this.#maximumBytes) {
      throw new EventTooLarge(`event: more than ${this.#maximumBytes} bytes`);
    }
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    this.#isBetween = start === end;
    if (start === end) this.#dispatch();
    else if (bytes[start] === colon) this.#handlers.onComment?.();
    else this.#readField(bytes, start, end);
  }

  #readField(bytes: Uint8Array, start: number, end: number): void {
    const name = nameWithFirst(bytes[start]);
    const valueStart = name ? valueStartOf(name, bytes, start, end) : -1;
    if (valueStart < 0) return;
    switch (name) {
      case names.data:
        this.#addData(bytes, valueStart, end);
        return;
      case names.id:
        this.#setId(bytes, valueStart, end);
        return;
      case names.event:
        this.#type = decoder.decode(bytes.subarray(valueStart, end));
        return;
      default:
        this.#readRetry(bytes, valueStart, end);
    }
  }

  #addData(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasData) {
      this.#hasData = true;
      this.#single = bytes;
      this.#singleStart = start;
      this.#singleEnd = end;
      return;
    }
    this.#holdSingle();
    const joined = this.#dataHeld();
    joined.append(newline, 0, newline.length);
    joined.append(bytes, start, end);
  }

  #holdSingle(): void {
    if (this.#single) this.#dataHeld().append(this.#single, this.#singleStart, this.#singleEnd);
    this.#single = undefined;
  }

  #dataHeld(): HeldBytes {
    this.#joined ??= createHeldBytes();
    return this.#joined;
  }

  #setId(bytes: Uint8Array, start: number, end: number): void {
    const id = idNumber(bytes, start, end);
    if (id >= 0) {
      this.#ownId = id;
      return;
    }
    for (let i = start; i < end; i++) {
      if (bytes[i] === 0) return;
    }
    this.#ownId = idInBytes;
    this.#ownIdBytes ??= createHeldBytes();
    this.#ownIdBytes.clear();
    this.#ownIdBytes.append(bytes, start, end);
  }

  #takeOwnId(): void {
    if (this.#ownId === idInBytes) {
      const former = this.#lastIdBytes;
      this.#lastIdBytes = this.#ownIdBytes;
      this.#ownIdBytes = former;
    }
    this.#lastId = this.#ownId;
    this.#ownId = noId;
  }

  #readRetry(bytes: Uint8Array, start: number, end: number): void {
    const ms = digitsValue(bytes, start, end);
    if (ms >= 0) this.#handlers.onRetry?.(Math.min(ms, Number.MAX_SAFE_INTEGER));
  }

  #dispatch(): void {
    if (this.#ownId !== noId) this.#takeOwnId();
    const named = this.#type || 'message';
    this.#type = '';
    if (!this.#hasData) return;
    this.#hasData = false;
    if (this.#single) {
      const bytes = this.#single;
      this.#single = undefined;
      this.#handlers.onEvent(named, bytes, this.#singleStart, this.#singleEnd);
    } else {
      const joined = this.#dataHeld();
      this.#handlers.onEvent(named, joined.bytes(), 0, joined.length());
      joined.clear();
    }
  }
}

function lengthOf(held: HeldBytes | undefined): number {
  return held === undefined ? 0 : held.length();
}

/** The standard's field with this first byte, which identifies it; other fields are ignored. */
function nameWithFirst(byte: number | undefined): Uint8Array | undefined {
  switch (byte) {
    case names.data[0]:
      return names.data;
    case names.id[0]:
      return names.id;
    case names.event[0]:
      return names.event;
    case names.retry[0]:
      return names.retry;
    default:
      return undefined;
  }
}

/** Start of the value of field `name` in a line, after one optional space; -1 when the line is another field. */
function valueStartOf(name: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  if (!startsWith(bytes, start, end, name)) return -1;
  const nameEnd = start + name.length;
  if (nameEnd === end) return end;
  if (bytes[nameEnd] !== colon) return -1;
  return nameEnd + 1 < end && bytes[nameEnd + 1] === space ? nameEnd + 2 : nameEnd + 1;
}

function startsWith(bytes: Uint8Array, start: number, end: number, expected: Uint8Array): boolean {
  if (end - start < expected.length) return false;
  for (let i = 0; i < expected.length; i++) {
    if (bytes[start + i] !== expected[i]) return false;
  }
  return true;
}

/** The number that an id writes in decimal, as `String` does; -1 if it does not, or has too many digits. */
function idNumber(bytes: Uint8Array, start: number, end: number): number {
  const digits = end - start;
  if (digits > mostIdDigits || (digits > 1 && bytes[start] === digit0)) return -1;
  return digitsValue(bytes, start, end);
}

/** A decimal number, rounded above `Number.MAX_SAFE_INTEGER`; -1 unless it is all ASCII digits, at least one. */
function digitsValue(bytes: Uint8Array, start: number, end: number): number {
  if (start === end || endOfDigits(bytes, start, end) < end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + bytes[i]! - digit0;
  return value;
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! >= digit0 && bytes[at]! <= digit9) at++;
  return at;
}

/**
 * Position of `byte` from `from` on; `end` or beyond if there is none before `end`. `indexOf` also searches what lies
 * beyond `end`: at most 0.6 µs in a Node.js Buffer of 64 KiB, and usually nothing, because the CRLF of a chunked body
 * comes next. A view would be an object for each call.
 * No loop over the bytes: measured, it is slower from about 20 bytes a line on in a Buffer, from about 80 in a plain
 * Uint8Array, and lines of 33 kB take it 50 times and twice as long.
 */
function positionOf(byte: number, bytes: Uint8Array, from: number, end: number): number {
  // Saves the call for a blank line and at the end of the bytes.
  if (from >= end) return end;
  if (bytes[from] === byte) return from;
  const at = bytes.indexOf(byte, from);
  return at < 0 ? end : at;
}
