import { createGrowingBytes } from './growing-bytes.ts';
import { createLineReader } from './line-reader.ts';

/**
 * One event of a stream. `type` is `message` unless the event has a name. `data` has its lines joined with LF; a single
 * line within one chunk is a view into that chunk. `id` is the stream's last event id: an event without one inherits
 * it.
 */
export type SseEvent = { readonly type: string; readonly data: Buffer; readonly id: string };

export type SseHandlers = {
  readonly onEvent: (event: SseEvent) => void;
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
   * Feeds the next bytes of the stream, split anywhere, and reports the events that they complete. After the call
   * nothing refers to `chunk` except the `data` handed out. Throws `EventTooLarge`; the parser is then unusable.
   */
  readonly feed: (chunk: Buffer) => void;
};

/** Thrown for an event beyond `maximumBytes`. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

const colon = 0x3a;
const space = 0x20;
const newline = Buffer.from('\n');
const nothing = Buffer.alloc(0);

type Field = 'data' | 'event' | 'id' | 'retry';

/** The standard's fields by their first byte, which identifies them; other fields are ignored. */
const fields: ReadonlyMap<number | undefined, { readonly field: Field; readonly name: Buffer }> = new Map(
  (['data', 'event', 'id', 'retry'] as const).map((field) => [
    field.charCodeAt(0),
    { field, name: Buffer.from(field) },
  ]),
);

/**
 * Reads one event stream (HTML standard, 9.2.6: https://html.spec.whatwg.org/multipage/server-sent-events.html). Each
 * connection needs a new parser; an unfinished event is dropped with its stream.
 * Works on bytes, which is safe in UTF-8: line ends, colons and field names are ASCII, and no byte of a longer code
 * point is. Only ids and type names become strings.
 */
export function createSseParser(
  handlers: SseHandlers,
  { maximumBytes = 16 * 1024 * 1024 }: SseOptions = {},
): SseParser {
  const joined = createGrowingBytes();
  let dataLines = 0;
  /** The data while it is a single line, the usual case; from the second line on, `joined` holds all of it. */
  let single: Buffer = nothing;
  let singleBorrowed = false;
  let type = '';
  let id = '';

  const readLine = (bytes: Buffer, start: number, end: number, borrowed: boolean) => {
    if (start === end) return dispatch();
    if (bytes[start] === colon) return handlers.onComment?.();
    const known = fields.get(bytes[start]);
    if (known === undefined) return;
    const valueStart = valueStartOf(known.name, bytes, start, end);
    if (valueStart >= 0) setField(known.field, bytes.subarray(valueStart, end), borrowed);
  };

  const setField = (field: Field, value: Buffer, borrowed: boolean) => {
    switch (field) {
      case 'data':
        return addData(value, borrowed);
      case 'event':
        type = value.toString('utf8');
        return;
      case 'id':
        if (!value.includes(0)) id = value.toString('utf8');
        return;
      case 'retry':
        return readRetry(value.toString('latin1'));
    }
  };

  const addData = (value: Buffer, borrowed: boolean) => {
    if (dataLines === 1) joined.append(single);
    if (dataLines > 0) {
      joined.append(newline);
      joined.append(value);
    }
    single = dataLines === 0 ? value : nothing;
    singleBorrowed = dataLines === 0 && borrowed;
    dataLines++;
  };

  const readRetry = (digits: string) => {
    if (/^[0-9]+$/.test(digits)) handlers.onRetry?.(Math.min(Number(digits), Number.MAX_SAFE_INTEGER));
  };

  const dispatch = () => {
    const event = { type: type || 'message', data: dataLines > 1 ? joined.take() : single, id };
    const hasData = dataLines > 0;
    type = '';
    dataLines = 0;
    single = nothing;
    singleBorrowed = false;
    if (hasData) handlers.onEvent(event);
  };

  const checkSize = (lineBytes: number) => {
    if (single.length + joined.length() + lineBytes > maximumBytes) {
      throw new EventTooLarge(`event: more than ${maximumBytes} bytes`);
    }
  };

  const feedLines = createLineReader(readLine, checkSize);
  return {
    feed: (chunk) => {
      feedLines(chunk);
      // The event's end is in a later chunk, and the owner may now overwrite this one.
      if (singleBorrowed) single = Buffer.from(single);
      singleBorrowed = false;
    },
  };
}

/** Start of the value of field `name` in a line, after one optional space; -1 when the line is another field. */
function valueStartOf(name: Buffer, bytes: Buffer, start: number, end: number): number {
  const nameEnd = start + name.length;
  for (let i = 0; i < name.length; i++) {
    if (bytes[start + i] !== name[i]) return -1;
  }
  if (nameEnd >= end) return nameEnd === end ? end : -1;
  if (bytes[nameEnd] !== colon) return -1;
  return nameEnd + 1 < end && bytes[nameEnd + 1] === space ? nameEnd + 2 : nameEnd + 1;
}
