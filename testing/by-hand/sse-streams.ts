import fc from 'fast-check';
import { createSseParser } from '../../protocol/wire/sse-parser.ts';

/** For tests only: hostile event streams, ways to cut them, and the events that our parser reads from the pieces. */

export type ReadEvent = { readonly type: string; readonly data: string; readonly id: string };

/** Around each piece in the buffer that is fed: a parser that reads beyond `start` or `end` finds events. */
const outside = Buffer.from('\n\ndata: outside\r\n\r\n');

/**
 * Feeds pieces to our parser, each as a part of a larger buffer. Overwrites them afterwards, as the owner of a reused
 * read buffer would.
 */
export function feedInPieces(pieces: readonly Buffer[]): readonly ReadEvent[] {
  const events: ReadEvent[] = [];
  const parser = createSseParser({
    onEvent: (type, bytes, start, end) =>
      events.push({ type, data: Buffer.from(bytes.subarray(start, end)).toString('utf8'), id: parser.lastEventId() }),
  });
  for (const piece of pieces) {
    const buffer = Buffer.concat([outside, piece, outside]);
    parser.feed(buffer, outside.length, outside.length + piece.length);
    buffer.fill('\n');
  }
  return events;
}

const fieldName = fc.oneof(
  { arbitrary: fc.constant('data'), weight: 8 },
  { arbitrary: fc.constantFrom('event', 'id', 'retry'), weight: 6 },
  { arbitrary: fc.constantFrom('', 'dat', 'datas', 'data ', ' data', 'DATA', 'eventid', 'é', '\uFEFFdata'), weight: 2 },
);
const separator = fc.constantFrom(': ', ':', ':  ', ':\t', '::', '');
const piece = fc.constantFrom(
  ...[
    'a',
    'B',
    ' ',
    ':',
    '0',
    '42',
    '-',
    '\0',
    '\t',
    '\uFEFF',
    'é',
    'ß',
    '你',
    '💥',
    '👩‍💻',
    '\u2028',
    '\u0085',
    'data',
    'update',
  ],
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.from(pieces.join('')));
/** Includes bytes that are not UTF-8; excludes CR and LF, which are drawn as line ends. */
const raw = fc
  .array(fc.constantFrom(0x00, 0x41, 0x80, 0xbf, 0xc3, 0xe2, 0xf0, 0x9f, 0xed, 0xa0, 0xff), { maxLength: 8 })
  .map((bytes) => Buffer.from(bytes));
const value = fc.oneof({ arbitrary: text, weight: 5 }, { arbitrary: raw, weight: 1 });

const fieldLine = fc
  .tuple(fieldName, separator, value)
  .map(([name, between, bytes]) => Buffer.concat([Buffer.from(name + between), bytes]));
const line = fc.oneof(
  { arbitrary: fieldLine, weight: 8 },
  { arbitrary: fc.constant(Buffer.alloc(0)), weight: 5 },
  { arbitrary: text, weight: 1 },
  { arbitrary: text.map((comment) => Buffer.concat([Buffer.from(':'), comment])), weight: 1 },
);
const lineEnd = fc.constantFrom('\n', '\r', '\r\n').map((end) => Buffer.from(end));
/** Most streams use one kind of line end; some mix them. */
const lines = fc.oneof(
  lineEnd.chain((end) =>
    fc.array(
      line.map((bytes) => [bytes, end]),
      { maxLength: 40, size: 'max' },
    ),
  ),
  fc.array(fc.tuple(line, lineEnd), { maxLength: 40, size: 'max' }),
);
const start = fc.oneof(
  { arbitrary: fc.constant(''), weight: 4 },
  { arbitrary: fc.constantFrom('\uFEFF', '\uFEFF\uFEFF'), weight: 1 },
);

/** The bytes of one event stream, which may end anywhere. */
export const eventStream: fc.Arbitrary<Buffer> = fc
  .tuple(start, lines, line)
  .map(([mark, whole, rest]) => Buffer.concat([Buffer.from(mark), ...whole.flat(), rest]));

/** The same bytes cut at random places. */
export function piecesOf(bytes: Buffer): fc.Arbitrary<readonly Buffer[]> {
  const cuts = fc.oneof(
    fc.array(fc.nat(bytes.length), { maxLength: 12 }),
    fc.constant(Array.from(bytes, (_, i) => i)),
    fc.constant([]),
  );
  return cuts.map((list) => {
    const places = [0, ...list.toSorted((a, b) => a - b), bytes.length];
    return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
  });
}
