import { sizeText } from '../../text/bounded-file.ts';
import { DamagedResults } from './errors.ts';

/** A record as bytes. `place` is what errors call it: the file, and the line where there are several. */
export type RecordText = { readonly place: string; readonly bytes: Buffer };

/** `isEnded`: whether the line has its newline; only the last one may lack it. */
export type Line = RecordText & { readonly isEnded: boolean };

/** The deepest record has 8 levels. */
const mostLevels = 32;

/**
 * More values than fit into a `run.json` as pvw writes it, with each instant of a trace on a line of its own; a trial
 * has some thousand. Checking collects every fault of every value, so millions of them would exhaust the memory.
 */
const mostValues = 300_000;

/** Objects and lists in one record; a trial has some thousand. */
const mostObjects = 30_000;

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/**
 * The lines of a file, one at a time: a list of all of them could be larger than the memory. Throws `DamagedResults` at
 * the first that is empty or has more than `mostBytes`.
 */
export function* linesOf(path: string, bytes: Buffer, mostBytes: number): Generator<Line> {
  for (let from = 0, number = 1; from < bytes.length; number++) {
    const found = bytes.indexOf(newline, from);
    const end = found === -1 ? bytes.length : found;
    const line = { place: `${path}:${number}`, bytes: bytes.subarray(from, end), isEnded: found !== -1 };
    refuseLine(line, mostBytes);
    yield line;
    from = end + 1;
  }
}

function refuseLine({ place, bytes, isEnded }: Line, mostBytes: number): void {
  if (bytes.length > mostBytes) throw new DamagedResults(`${place}: is damaged (longer than ${sizeText(mostBytes)})`);
  const isEmpty = bytes.length === 0 || (bytes.length === 1 && bytes[0] === carriageReturn);
  if (isEmpty && isEnded) throw new DamagedResults(`${place}: is damaged (the line is empty)`);
}

/** Throws `DamagedResults` if the text is no JSON or too deep or too rich for a record. */
export function parseJson(text: RecordText): unknown {
  refuseUnlikely(text);
  try {
    return JSON.parse(text.bytes.toString('utf8'));
  } catch {
    throw new DamagedResults(`${text.place}: is damaged (not valid JSON)`);
  }
}

/** Throws `DamagedResults` if the text is too deep or too rich for a record. */
export function isJson(text: RecordText): boolean {
  refuseUnlikely(text);
  try {
    JSON.parse(text.bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Parsers and checks call themselves for each level, so a deep text would exhaust the stack. */
function refuseUnlikely({ place, bytes }: RecordText): void {
  let [levels, values, objects] = [0, 1, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === quote) at = endOfString(bytes, at);
    else if (byte === comma) values++;
    else if (closes(byte)) levels--;
    else if (opens(byte)) {
      levels++;
      objects++;
    }
    if (levels > mostLevels) throw new DamagedResults(`${place}: is damaged (more than ${mostLevels} levels deep)`);
  }
  if (values > mostValues) throw new DamagedResults(`${place}: is damaged (more than ${mostValues} values)`);
  if (objects > mostObjects) throw new DamagedResults(`${place}: is damaged (more than ${mostObjects} objects)`);
}

/** The closing quote of the string that begins at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

/** `{` or `[`. */
function opens(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b;
}

/** `}` or `]`. */
function closes(byte: number): boolean {
  return byte === 0x7d || byte === 0x5d;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Some editors begin a file with a byte order mark, and JSON may not have one. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? bytes.subarray(byteOrderMark.length) : bytes;
}
