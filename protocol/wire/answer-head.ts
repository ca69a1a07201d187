import { createHeldBytes } from './held-bytes.ts';
import { LastHead } from './last-head.ts';

/** What a head says about its body and its connection (RFC 9112, 6 and 9.3). */
type HeadFields = {
  readonly status: number;
  /** The 1 of HTTP/1.1. */
  readonly minorVersion: number;
  /** In bytes; -1 without Content-Length. */
  readonly contentLength: number;
  /** `other`: anything but the one coding `chunked`. */
  readonly transferEncoding: 'absent' | 'chunked' | 'other';
  /** Whether Connection has `close`, and `keep-alive`. */
  readonly close: boolean;
  readonly keepAlive: boolean;
  readonly hasContentEncoding: boolean;
};

/** Reads heads, each a status line with its header section, and trailer sections, which may all come in pieces. */
export type HeadReader = {
  /** Begins a head. `earlierBytes`: of those before it that count towards the same limit. */
  readonly begin: (mostBytes: number, earlierBytes: number) => void;
  /** Begins a trailer section. Its fields are checked and otherwise ignored. */
  readonly beginTrailers: (mostBytes: number) => void;
  /** Returns the position after the section, or -1 while it is incomplete. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => number;
  /** Bytes read of the section. */
  readonly length: () => number;
  /** The same record for all heads. */
  readonly fields: HeadFields;
  /** Value of a header by its lower-case name, repeated ones joined with `, `; undefined if absent or forgotten. */
  readonly header: (name: string) => string | undefined;
  /** To be called before the chunk with the head is overwritten. */
  readonly forget: () => void;
};

/** Throws for what the other end did wrong. */
export type Refuse = (why: string) => never;

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const comma = 0x2c;
const colon = 0x3a;
const zero = 0x30;
const nine = 0x39;

/** `token` (RFC 9110, 5.6.2). */
const nameBytes = tableOf((byte) => /[\w!#$%&'*+.^`|~-]/.test(String.fromCharCode(byte)));
/** `field-content` and the blanks in it (RFC 9110, 5.5). */
export const valueBytes = tableOf((byte) => byte === tab || (byte >= space && byte !== 0x7f));
const blanks = tableOf((byte) => byte === tab || byte === space);

/** What the next byte belongs to. */
const inStatus = 0;
const inReason = 1;
const atLine = 2;
const inName = 3;
const beforeValue = 4;
const inValue = 5;
const beforeLf = 6;
const beforeLastLf = 7;

const version = 'HTTP/1.';
/** Positions in a status line, `HTTP/1.1 200 OK` (RFC 9112, 4). */
const minorVersionAt = 7;
const codeAt = 9;
const codeEnd = 12;

const nothing = new Uint8Array();

/**
 * Lines end in CRLF, and none goes on in the next one: like the parser of Node.js and undici it refuses a bare LF and
 * obs-fold, which RFC 9112 (2.2, 5.2) would have it understand.
 */
export function createHeadReader(refuse: Refuse): HeadReader {
  const fields = emptyFields();
  /** What `fields` were read from, if it was right and lay in one chunk. */
  const last = new LastHead();
  /** The section, if it does not lie in one chunk. */
  const held = createHeldBytes();
  let mostBytes = 0;
  let bytesLeft = 0;
  let isTrailer = false;
  let state = inStatus;
  // Positions count from the section's first byte, since it moves when it is held.
  let at = 0;
  let nameAt = 0;
  let nameEnd = 0;
  let valueAt = 0;
  // The last complete head: in its chunk or in `held`.
  let head: Uint8Array = nothing;
  let headAt = 0;

  const readStatusByte = (bytes: Uint8Array, from: number, i: number, end: number) => {
    const byte = bytes[i]!;
    const position = i - from;
    if (position < minorVersionAt) {
      if (byte !== version.charCodeAt(position)) refuse(noHttp(bytes, from, end, position));
    } else if (position === minorVersionAt) {
      if (byte !== zero && byte !== zero + 1) refuse(noHttp(bytes, from, end, position));
      fields.minorVersion = byte - zero;
    } else if (position < codeAt) {
      if (byte !== space) refuse(noHttp(bytes, from, end, position));
    } else if (position < codeEnd) {
      if (byte < zero + Number(position === codeAt) || byte > nine) refuse(noStatus(bytes, from, end));
      fields.status = fields.status * 10 + byte - zero;
    } else {
      // Without a reason phrase, many leave out the space that the grammar asks for.
      if (byte !== space && byte !== cr) refuse(noStatus(bytes, from, end));
      state = byte === cr ? beforeLf : inReason;
    }
  };
  const refuseByte = (byte: number, where: string): never =>
    refuse(`answered with the byte 0x${byte.toString(16).padStart(2, '0')} ${where}`);

  /** Takes from the header line that ends at `end` what a connection has to know. */
  const takeField = (bytes: Uint8Array, from: number, end: number) => {
    const name = from + nameAt;
    const value = from + valueAt;
    const valueEnd = withoutBlanks(bytes, value, end);
    switch (nameEnd - nameAt) {
      case 10:
        if (!isWord(bytes, name, from + nameEnd, 'connection')) return;
        if (hasMember(bytes, value, valueEnd, 'close')) fields.close = true;
        if (hasMember(bytes, value, valueEnd, 'keep-alive')) fields.keepAlive = true;
        return;
      case 14:
        if (isWord(bytes, name, from + nameEnd, 'content-length')) takeLength(bytes, value, valueEnd);
        return;
      case 16:
        if (isWord(bytes, name, from + nameEnd, 'content-encoding')) fields.hasContentEncoding = true;
        return;
      case 17:
        if (isWord(bytes, name, from + nameEnd, 'transfer-encoding')) takeCoding(bytes, value, valueEnd);
    }
  };
  const takeLength = (bytes: Uint8Array, start: number, end: number) => {
    // Equal ones too, which RFC 9112 (6.3) lets a recipient refuse or repair.
    if (fields.contentLength >= 0) refuse('answered with Content-Length twice');
    if (fields.transferEncoding !== 'absent') refuse(bothFramings);
    fields.contentLength = lengthOf(bytes, start, end);
    if (fields.contentLength < 0) refuse(`answered with Content-Length "${printable(bytes, start, end)}"`);
  };
  const takeCoding = (bytes: Uint8Array, start: number, end: number) => {
    if (fields.contentLength >= 0) refuse(bothFramings);
    const isChunked = fields.transferEncoding === 'absent' && isOnlyMember(bytes, start, end, 'chunked');
    fields.transferEncoding = isChunked ? 'chunked' : 'other';
  };

  /** Goes on reading a section that starts at `from`. Returns the position after it, or -1 if `end` comes first. */
  const scan = (bytes: Uint8Array, from: number, end: number): number => {
    let i = from + at;
    while (i < end) {
      const byte = bytes[i]!;
      switch (state) {
        case inStatus:
          readStatusByte(bytes, from, i, end);
          break;
        case inReason:
          // Any bytes: their values are not used.
          if (byte === lf) refuseByte(byte, 'in a status line');
          if (byte === cr) state = beforeLf;
          break;
        case atLine:
          if (nameBytes[byte] === 0 && byte !== cr) refuseByte(byte, 'at the start of a header line');
          state = byte === cr ? beforeLastLf : inName;
          nameAt = i - from;
          break;
        case inName:
          i = skip(bytes, i, end, nameBytes);
          if (i === end) continue;
          if (bytes[i] !== colon) refuseByte(bytes[i]!, 'in the name of a header');
          nameEnd = i - from;
          state = beforeValue;
          break;
        case beforeValue:
          i = skip(bytes, i, end, blanks);
          valueAt = i - from;
          if (i < end) state = inValue;
          continue;
        case inValue:
          i = skip(bytes, i, end, valueBytes);
          if (i === end) continue;
          if (bytes[i] !== cr) refuseByte(bytes[i]!, 'in the value of a header');
          if (!isTrailer) takeField(bytes, from, i);
          state = beforeLf;
          break;
        default:
          if (byte !== lf) refuseByte(byte, 'after CR, where LF belongs');
          if (state === beforeLastLf) {
            at = i + 1 - from;
            return i + 1;
          }
          state = atLine;
      }
      i++;
    }
    at = i - from;
    return -1;
  };
  const begin = (first: number, most: number, earlierBytes: number) => {
    mostBytes = most;
    bytesLeft = most - earlierBytes;
    isTrailer = first === atLine;
    state = first;
    at = 0;
    held.clear();
  };
  const readSection = (bytes: Uint8Array, from: number, end: number): number => {
    const after = scan(bytes, from, end);
    if (after >= 0 && !isTrailer) {
      head = bytes;
      headAt = from;
    }
    return after;
  };
  /** Reads on from a section of which something is held. */
  const readHeld = (bytes: Uint8Array, start: number, end: number): number => {
    const before = held.length();
    held.append(bytes, start, end);
    const after = readSection(held.bytes(), 0, held.length());
    return after < 0 ? -1 : start + after - before;
  };
  const readFirst = (bytes: Uint8Array, start: number, end: number): number => {
    const after = isTrailer ? readSection(bytes, start, end) : readFirstOfHead(bytes, start, end);
    if (after < 0) held.append(bytes, start, end);
    return after;
  };
  const readFirstOfHead = (bytes: Uint8Array, start: number, end: number): number => {
    const sameEnd = last.endIn(bytes, start, end);
    if (sameEnd >= 0) {
      at = sameEnd - start;
      head = bytes;
      headAt = start;
      return sameEnd;
    }
    last.forget();
    clearFields(fields);
    const after = readSection(bytes, start, end);
    if (after >= 0) last.keep(bytes, start, after);
    return after;
  };
  return {
    begin: (most, earlierBytes) => begin(inStatus, most, earlierBytes),
    beginTrailers: (most) => begin(atLine, most, 0),
    read: (bytes, start, end) => {
      const isCut = held.length() > 0;
      const limit = start + bytesLeft - held.length();
      const after = (isCut ? readHeld : readFirst)(bytes, start, Math.min(end, limit));
      if (after < 0 && end >= limit)
        refuse(`answered with a ${isTrailer ? 'trailer' : 'header'} section of more than ${mostBytes} bytes`);
      return after;
    },
    length: () => at,
    fields,
    header: (name) => valuesOf(head, headAt, name),
    forget: () => {
      head = nothing;
    },
  };
}

const bothFramings = 'answered with both Content-Length and Transfer-Encoding';

function emptyFields(): { -readonly [Name in keyof HeadFields]: HeadFields[Name] } {
  return {
    status: 0,
    minorVersion: 0,
    contentLength: -1,
    transferEncoding: 'absent',
    close: false,
    keepAlive: false,
    hasContentEncoding: false,
  };
}

function clearFields(fields: ReturnType<typeof emptyFields>): void {
  fields.status = 0;
  fields.contentLength = -1;
  fields.transferEncoding = 'absent';
  fields.close = fields.keepAlive = fields.hasContentEncoding = false;
}

function tableOf(belongs: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(belongs(byte)));
}

/** Position of the first byte that is not in `table`. */
function skip(bytes: Uint8Array, start: number, end: number, table: Uint8Array): number {
  let i = start;
  while (i < end && table[bytes[i]!] === 1) i++;
  return i;
}

/** End of a value without the blanks behind it. */
function withoutBlanks(bytes: Uint8Array, start: number, end: number): number {
  let to = end;
  while (to > start && blanks[bytes[to - 1]!] === 1) to--;
  return to;
}

/** Whether these bytes are `word`, which is in lower case; they may be in any. */
function isWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[start + i]!;
    const isUpper = byte >= 0x41 && byte <= 0x5a;
    if ((isUpper ? byte | 0x20 : byte) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Where the next member of a list starts; empty ones do not count (RFC 9110, 5.6.1.2). */
function memberFrom(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (bytes[i] === comma || blanks[bytes[i]!] === 1)) i++;
  return i;
}

function memberEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== comma) i++;
  return withoutBlanks(bytes, start, i);
}

function hasMember(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  let from = memberFrom(bytes, start, end);
  while (from < end) {
    const to = memberEnd(bytes, from, end);
    if (isWord(bytes, from, to, word)) return true;
    from = memberFrom(bytes, to, end);
  }
  return false;
}

function isOnlyMember(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  const from = memberFrom(bytes, start, end);
  const to = memberEnd(bytes, from, end);
  return isWord(bytes, from, to, word) && memberFrom(bytes, to, end) === end;
}

/** The number in decimal digits; -1 if it is none, or too large to count with. */
function lengthOf(bytes: Uint8Array, start: number, end: number): number {
  let length = start === end ? -1 : 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - zero;
    length = length * 10 + digit;
    if (digit < 0 || digit > 9 || length > Number.MAX_SAFE_INTEGER) return -1;
  }
  return length;
}

/** Looks through the lines of a whole head that was found right. */
function valuesOf(bytes: Uint8Array, start: number, name: string): string | undefined {
  let values: string | undefined;
  let line = lineAfter(bytes, start);
  while (line < bytes.length && bytes[line] !== cr) {
    const colonAt = skip(bytes, line, bytes.length, nameBytes);
    if (isWord(bytes, line, colonAt, name)) {
      const value = skip(bytes, colonAt + 1, bytes.length, blanks);
      const end = withoutBlanks(bytes, value, skip(bytes, value, bytes.length, valueBytes));
      values = (values === undefined ? '' : `${values}, `) + latin1(bytes, value, end);
    }
    line = lineAfter(bytes, colonAt);
  }
  return values;
}

function lineAfter(bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(lf, start);
  return at < 0 ? bytes.length : at + 1;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

function printable(bytes: Uint8Array, start: number, end: number): string {
  return latin1(bytes, start, Math.min(end, start + 40)).replace(/[^ -~]/g, '.');
}

function noHttp(bytes: Uint8Array, from: number, end: number, position: number): string {
  const what = position < 'HTTP/'.length ? 'no HTTP' : 'neither HTTP/1.0 nor HTTP/1.1';
  return `answered with ${what}: "${printable(bytes, from, end)}"`;
}

function noStatus(bytes: Uint8Array, from: number, end: number): string {
  return `answered with no status from 100 to 999: "${printable(bytes, from, end)}"`;
}
