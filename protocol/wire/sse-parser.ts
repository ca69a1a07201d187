import { createHeldBytes } from './held-bytes.ts';
import { createLineReader } from './line-reader.ts';

export type SseHandlers = {
  /**
   * An event with data. `type` is `message` unless the event has a name. Its data, with lines joined by LF, are the
   * bytes `start` to `end` (exclusive), which are valid only during the call.
   */
  readonly onEvent: (type: string, bytes: Uint8Array, start: number, end: number) => void;
  /** The server asks for this reconnection time in milliseconds. */
  readonly onRetry?: (ms: number) => void;
  /** A comment line: a heartbeat. */
  readonly onComment?: () => void;
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
  readonly feed: (bytes: Uint8Array, start: number, end: number) => void;
  /**
   * The last event id (HTML standard, 9.2.6), empty if there is none: during `onEvent` that of the event, which
   * inherits it if it has none. An id counts from the blank line on, so that of an unfinished event does not.
   */
  readonly lastEventId: () => string;
};

/** Thrown for an event beyond `maximumBytes`. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

const colon = 0x3a;
const space = 0x20;
const digit0 = 0x30;
const digit9 = 0x39;
const newline = Uint8Array.of(0x0a);
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
  let dataLines = 0;
  /** Where a single line of data lies, the usual case, until `feed` ends. */
  let single: Uint8Array | undefined;
  let singleStart = 0;
  let singleEnd = 0;
  /** The data otherwise. */
  const joined = createHeldBytes();
  let type = '';
  let lastId = createHeldBytes();
  /** The id of the event being read, if it has one. */
  let ownId = createHeldBytes();
  let hasOwnId = false;
  let firstLine = true;

  const onLine = (bytes: Uint8Array, start: number, end: number) => {
    checkSize(end - start);
    const marked = firstLine && startsWith(bytes, start, end, byteOrderMark);
    firstLine = false;
    readLine(bytes, marked ? start + byteOrderMark.length : start, end);
  };

  const checkSize = (lineBytes: number) => {
    if (joined.length() + (single ? singleEnd - singleStart : 0) + lineBytes > maximumBytes) {
      throw new EventTooLarge(`event: more than ${maximumBytes} bytes`);
    }
  };

  const readLine = (bytes: Uint8Array, start: number, end: number) => {
    if (start === end) return dispatch();
    if (bytes[start] === colon) return handlers.onComment?.();
    const name = nameWithFirst(bytes[start]);
    const valueStart = name ? valueStartOf(name, bytes, start, end) : -1;
    if (valueStart < 0) return;
    switch (name) {
      case names.data:
        return addData(bytes, valueStart, end);
      case names.id:
        return setId(bytes, valueStart, end);
      case names.event:
        type = decoder.decode(bytes.subarray(valueStart, end));
        return;
      default:
        return readRetry(bytes, valueStart, end);
    }
  };

  const addData = (bytes: Uint8Array, start: number, end: number) => {
    dataLines++;
    if (dataLines === 1) {
      single = bytes;
      singleStart = start;
      singleEnd = end;
      return;
    }
    holdSingle();
    joined.append(newline, 0, newline.length);
    joined.append(bytes, start, end);
  };

  const holdSingle = () => {
    if (single) joined.append(single, singleStart, singleEnd);
    single = undefined;
  };

  const setId = (bytes: Uint8Array, start: number, end: number) => {
    for (let i = start; i < end; i++) {
      if (bytes[i] === 0) return;
    }
    ownId.clear();
    ownId.append(bytes, start, end);
    hasOwnId = true;
  };

  const takeOwnId = () => {
    const former = lastId;
    lastId = ownId;
    ownId = former;
    hasOwnId = false;
  };

  const readRetry = (bytes: Uint8Array, start: number, end: number) => {
    const ms = digitsValue(bytes, start, end);
    if (ms >= 0) handlers.onRetry?.(ms);
  };

  const dispatch = () => {
    if (hasOwnId) takeOwnId();
    const named = type || 'message';
    type = '';
    if (dataLines === 0) return;
    dataLines = 0;
    if (single) {
      const bytes = single;
      single = undefined;
      handlers.onEvent(named, bytes, singleStart, singleEnd);
    } else {
      handlers.onEvent(named, joined.bytes(), 0, joined.length());
      joined.clear();
    }
  };

  const onPause = (unfinishedBytes: number) => {
    checkSize(unfinishedBytes);
    holdSingle();
  };

  return {
    feed: createLineReader({ onLine, onPause }),
    lastEventId: () => decoder.decode(lastId.bytes()),
  };
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

/** A decimal number, at most `Number.MAX_SAFE_INTEGER`; -1 unless it is all ASCII digits, at least one. */
function digitsValue(bytes: Uint8Array, start: number, end: number): number {
  let value = start < end ? 0 : -1;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < digit0 || byte > digit9) return -1;
    value = Math.min(value * 10 + byte - digit0, Number.MAX_SAFE_INTEGER);
  }
  return value;
}
