import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventStream, feedInPieces, piecesOf, type ReadEvent } from '../../testing/by-hand/sse-streams.ts';
import { createSseParser, EventTooLarge, type SseParser } from './sse-parser.ts';

function feed(parser: SseParser, text: string): void {
  const bytes = Buffer.from(text);
  parser.feed(bytes, 0, bytes.length);
}

/** The events of a stream fed in one piece. */
function read(stream: string | Buffer): readonly ReadEvent[] {
  return feedInPieces([Buffer.from(stream)]);
}

function message(data: string, id = '', type = 'message'): ReadEvent {
  return { type, data, id };
}

// From the examples and rules of the HTML standard, 9.2.6. Where undici's EventSource agrees, sse-agreement.test.ts
// covers the same.
const cases: readonly (readonly [what: string, stream: string, events: readonly ReadEvent[]])[] = [
  ['lines of data are joined with LF', 'data: ACME\ndata: +2\ndata: 10\n\n', [message('ACME\n+2\n10')]],
  [
    'a comment is skipped, an id stays until the next, an empty id clears it, an unfinished event is dropped',
    ': start\n\ndata: one\nid: 1\n\ndata:two\n\ndata: three\nid\n\ndata: four\n',
    [message('one', '1'), message('two', '1'), message('three')],
  ],
  ['data without value counts, and two make one LF', 'data\n\ndata\ndata\n\ndata:', [message(''), message('\n')]],
  [
    'only one space after the colon is dropped',
    'data:x\n\ndata: x\n\ndata:  x\n\n',
    ['x', 'x', ' x'].map((d) => message(d)),
  ],
  ['only a space: it is dropped', 'data: \n\n', [message('')]],
  ['a tab is no space', 'data:\tx\n\n', [message('\tx')]],
  ['without data nothing is dispatched, but the id is taken', 'event: e\nid: 5\n\ndata: x\n\n', [message('x', '5')]],
  ['a type holds for one event', 'event: add\ndata: 1\n\ndata: 2\n\n', [message('1', '', 'add'), message('2')]],
  ['the last type counts', 'event: a\nevent: b\ndata: 1\n\n', [message('1', '', 'b')]],
  // undici 7.30 ignores an `event` field without value; by the standard it empties the type, which means `message`.
  ['an empty type takes back the one before', 'event: a\nevent:\ndata: 1\n\n', [message('1')]],
  [
    'a type and an id may begin with a byte order mark',
    'event: \uFEFFa\nid: \uFEFFb\ndata: 1\n\n',
    [message('1', '\uFEFFb', '\uFEFFa')],
  ],
  [
    'the last id counts, a shorter one too',
    'id: 100\nid: 99\ndata: 1\n\nid: 8\ndata: 2\n\n',
    [message('1', '99'), message('2', '8')],
  ],
  ['an id with NUL is ignored', 'id: 1\nid: 2\0\ndata: x\n\n', [message('x', '1')]],
  ['unknown fields are ignored, names are case-sensitive', 'Data: a\nfoo\ndata : b\ndatas: c\ndat\n\n', []],
  ['a space before a name makes it another', ' data: a\n\n', []],
  [
    'CR, LF and CRLF all end lines',
    'data: 1\r\rdata: 2\n\ndata: 3\r\n\r\ndata: 4\r\n\ndata: 5\n\r',
    [1, 2, 3, 4, 5].map((n) => message(`${n}`)),
  ],
  ['a CRLF within an event ends one line, not two', 'data: 1\r\ndata: 2\r\n\r\n', [message('1\n2')]],
  ['LF then CR are two ends', 'data: 1\n\rdata: 2\n\n', [message('1'), message('2')]],
  ['one byte order mark is skipped', '\uFEFFdata: 1\n\n', [message('1')]],
  ['a second byte order mark is part of a name', '\uFEFF\uFEFFdata: 1\n\ndata: 2\n\n', [message('2')]],
  ['a byte order mark later is part of a name', 'data: 1\n\n\uFEFFdata: 2\n\n', [message('1')]],
  ['a byte order mark alone on its line leaves it blank', '\uFEFF\ndata: 1\n\n', [message('1')]],
  ['colons in values stay', 'data: a:b: c\n\n', [message('a:b: c')]],
  ['a colon at the start makes a comment of anything', ':data: x\n\n', []],
  ['blank lines in numbers do nothing', '\n\n\r\r\n\ndata: x\n\n\n\n', [message('x')]],
  [
    'other Unicode line separators do not end a line',
    'data: a\u2028b\u0085c\u000bd\n\n',
    [message('a\u2028b\u0085c\u000bd')],
  ],
  ['an empty stream has no events', '', []],
  // From the second chunk on, events of a number and one line of data are read in another way: hence the blank lines.
  ...['0', '7', '00', '07', '+7', '-7', '7.0', '7e1', '7 ', '9'.repeat(9), '1'.repeat(10), '1'.repeat(30)].map(
    (id) => [`id ${id} stays as it is written`, `\nid: ${id}\ndata: x\n\n`, [message('x', id)]] as const,
  ),
  [
    'numbers and other ids replace each other',
    '\nid: 1\ndata: a\n\nid: b\ndata: b\n\nid: 2\ndata: c\n\nid: dd\n\ndata: d\n\nid:\ndata: e\n\nid: 3\n\ndata: f\n\n',
    [message('a', '1'), message('b', 'b'), message('c', '2'), message('d', 'dd'), message('e'), message('f', '3')],
  ],
  [
    'a number after an ignored id, and before one',
    '\nid: a\0\nid: 1\ndata: a\n\nid: 2\nid: \0\ndata: b\n\n',
    [message('a', '1'), message('b', '2')],
  ],
  [
    'a number and one line of data end an event that has begun',
    '\ndata: a\nid: 1\ndata: b\n\nevent: e\nid: 2\ndata: c\n\nid: 3\nid: 4\ndata: d\n\n: beat\nid: 5\ndata: e\n\n',
    [message('a\nb', '1'), message('c', '2', 'e'), message('d', '4'), message('e', '5')],
  ],
  [
    'a number and one line of data begin a longer event',
    '\nid: 1\ndata: a\ndata: b\n\nid: 2\ndata: c\nevent: e\n\nid: 3\ndata: d\nid: 4\n\nid: 5\ndata: e\n:\n\n',
    [message('a\nb', '1'), message('c', '2', 'e'), message('d', '4'), message('e', '5')],
  ],
  [
    'any line end, and none that is not there, after a number and one line of data',
    '\nid: 1\rdata: a\n\nid: 2\ndata: b\r\n\nid: 3\ndata: c\n\r\nid: 4\ndata: d\rdata: e\n\nid: 5\ndata: f\n',
    [message('a', '1'), message('b', '2'), message('c', '3'), message('d\ne', '4')],
  ],
  ['a comment that ends like one of them begins', '\n: id: 1\ndata: a\n\n', [message('a')]],
  ['a byte order mark after them is part of a name', 'id: 1\ndata: a\n\n\uFEFFdata: b\n\n', [message('a', '1')]],
  [
    'a number and one line of data, written in another way',
    '\nid:1\ndata: a\n\nid: 2\ndata:b\n\nid: 3\ndata: \n\nid: 4\ndata:  d\n\nid: 5\ndata\n\nid: 6\nData: g\n\n',
    [message('a', '1'), message('b', '2'), message('', '3'), message(' d', '4'), message('', '5')],
  ],
];

for (const [what, stream, events] of cases) {
  test(what, () => {
    const bytes = Buffer.from(stream);
    assert.deepEqual(read(bytes), events);
    assert.deepEqual(feedInPieces([...bytes].map((byte) => Buffer.from([byte]))), events, 'byte by byte');
    for (let cut = 1; cut < bytes.length; cut++) {
      const pieces = [bytes.subarray(0, cut), Buffer.alloc(0), bytes.subarray(cut)];
      assert.deepEqual(feedInPieces(pieces), events, `cut at ${cut}`);
    }
  });
}

test('reports an event at its blank line', () => {
  for (const end of ['\n\n', '\r\r', '\r\n\r']) {
    let seen = 0;
    const parser = createSseParser({ onEvent: () => seen++ });
    feed(parser, `data: x${end.slice(0, -1)}`);
    assert.equal(seen, 0);
    feed(parser, end.slice(-1));
    assert.equal(seen, 1);
  }
});

test('reports retry values of digits at once, and comments', () => {
  const retries: number[] = [];
  let comments = 0;
  const parser = createSseParser({
    onEvent: () => assert.fail('no event'),
    onRetry: (ms) => retries.push(ms),
    onComment: () => comments++,
  });
  const ignored = 'retry\nretry:\nretry: -1\nretry: 1.5\nretry: 1e3\nretry:  7\nretry: 8 \nretry: ٣\n';
  feed(parser, `retry: 0\nretry:250\n${ignored}retry: ${'9'.repeat(400)}\n:\n: beat\n:data: x\n\n`);
  assert.deepEqual(retries, [0, 250, Number.MAX_SAFE_INTEGER]);
  assert.equal(comments, 3);
});

test('accepts missing handlers for retries and comments', () => {
  assert.deepEqual(read(': beat\nretry: 5\ndata: x\n\n'), [message('x')]);
});

test('single-line data in one chunk is a view, not a copy', () => {
  const chunk = Buffer.from('id: 7\ndata: [7,1,2,"x"]\n\n');
  const seen: (readonly [bytes: Uint8Array, start: number, end: number])[] = [];
  const parser = createSseParser({ onEvent: (_, ...place) => seen.push(place) });
  parser.feed(chunk, 0, chunk.length);
  assert.equal(seen.length, 1);
  const [bytes, start, end] = seen[0]!;
  assert.equal(bytes, chunk);
  assert.deepEqual([start, end], [12, 23]);
});

test('so is that of later events', () => {
  const chunk = Buffer.from('id: 7\ndata: [7,1,2,"x"]\n\n');
  const starts: number[] = [];
  const parser = createSseParser({
    onEvent: (_, bytes, start) => {
      assert.equal(bytes, chunk);
      starts.push(start);
    },
  });
  for (let i = 0; i < 3; i++) parser.feed(chunk, 0, chunk.length);
  assert.deepEqual(starts, [12, 12, 12]);
});

test('events within a chunk allocate nothing', () => {
  const events = ['1', '[7,1,2,"x"]', 'x'.repeat(5000)].map((data, id) => `id: ${id}\ndata: ${data}\n\n`);
  const chunk = Buffer.from(`: beat\n\n${events.join('')}retry: 5\ndata: y\n\n`);
  let seen = 0;
  const parser = createSseParser({ onEvent: () => seen++ });
  const rounds = 25;
  const chunksPerRound = 1000;
  const bytesPerChunk = Array.from({ length: rounds }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < chunksPerRound; i++) parser.feed(chunk, 0, chunk.length);
    return Math.abs(process.memoryUsage().heapUsed - before) / chunksPerRound;
  });
  assert.equal(seen, 4 * rounds * chunksPerRound);
  // The first rounds are compiled, and a collection may fall into one of them.
  const median = bytesPerChunk.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  assert.ok(median < 8, `${median} bytes for each chunk`);
});

// Reconnecting with it would skip that event: 9.2.6 sets the last event ID string when an event is dispatched.
test('the id of an unfinished event does not count', () => {
  const parser = createSseParser({ onEvent: () => {} });
  const afterEach = ['id: 1\ndata: x\n\n', 'id: 2\ndata: y\n', '\n', 'id: 3\n', '\nid:\n', '\n'].map((text) => {
    feed(parser, text);
    return parser.lastEventId();
  });
  assert.deepEqual(afterEach, ['1', '1', '2', '2', '3', '']);
});

test('nor does one that is no number', () => {
  const parser = createSseParser({ onEvent: () => {} });
  const afterEach = ['id: a\ndata: x\n\n', 'id: bb\n', '\n', 'id: c\n', 'id: 1\n', '\nid: d\n', '\n'].map((text) => {
    feed(parser, text);
    return parser.lastEventId();
  });
  assert.deepEqual(afterEach, ['a', 'a', 'bb', 'bb', 'bb', '1', 'd']);
});

test('handlers are called as methods of their object', () => {
  const seen: unknown[] = [];
  const handlers = {
    onEvent() {
      seen.push(this);
    },
    onRetry() {
      seen.push(this);
    },
    onComment() {
      seen.push(this);
    },
  };
  const parser = createSseParser(handlers);
  for (const text of ['data: x\n\n', 'id: 1\ndata: x\n\n', 'data: x\ndata: y\n\n', ':\n', 'retry: 1\n'])
    feed(parser, text);
  assert.deepEqual(
    seen.map((handler) => handler === handlers),
    [true, true, true, true, true],
  );
});

type Step = readonly unknown[];

/** All that the parser reports of a stream, and whether it refuses it. */
function stepsOf(pieces: readonly Buffer[], maximumBytes: number): readonly Step[] {
  const steps: Step[] = [];
  const parser: SseParser = createSseParser(
    {
      onEvent: (type, bytes, start, end) =>
        steps.push([type, Buffer.from(bytes.subarray(start, end)).toString('hex'), parser.lastEventId()]),
      onRetry: (ms) => steps.push(['retry', ms]),
      onComment: () => steps.push(['comment']),
    },
    { maximumBytes },
  );
  try {
    for (const piece of pieces) parser.feed(piece, 0, piece.length);
  } catch (error) {
    assert.ok(error instanceof EventTooLarge, String(error));
    steps.push(['too large']);
  }
  return steps;
}

test('reports the same however a stream is cut', () => {
  const cut = eventStream.chain((bytes) =>
    fc.tuple(fc.constant(bytes), piecesOf(bytes), fc.integer({ min: 1, max: 80 })),
  );
  fc.assert(
    fc.property(cut, ([bytes, pieces, maximumBytes]) => {
      for (const limit of [maximumBytes, 16 * 1024 * 1024]) {
        assert.deepEqual(stepsOf(pieces, limit), stepsOf([bytes], limit));
      }
    }),
    { numRuns: 500 },
  );
});

test('refuses an event beyond the limit, wherever the stream is cut', () => {
  const limits = [
    { stream: `data: ${'x'.repeat(95)}`, fails: true },
    { stream: `data: ${'x'.repeat(94)}\n\n`, fails: false },
    { stream: `data: ${'x'.repeat(95)}\n\n`, fails: true },
    { stream: `${'data: x\n'.repeat(60)}`, fails: true },
    { stream: `${'data: x\n\n'.repeat(600)}`, fails: false },
    { stream: `: ${'x'.repeat(200)}`, fails: true },
    { stream: `id: ${'x'.repeat(200)}\n`, fails: true },
    { stream: `event: ${'x'.repeat(60)}\nid: ${'x'.repeat(60)}\ndata: ${'x'.repeat(60)}\n\n`, fails: false },
    { stream: 'data: x\n'.repeat(30) + 'y'.repeat(60), fails: true },
  ];
  for (const { stream, fails } of limits) {
    for (const step of [1, 7, 1_000_000]) {
      const parser = createSseParser({ onEvent: () => {} }, { maximumBytes: 100 });
      const feedAll = () => {
        for (let at = 0; at < stream.length; at += step) feed(parser, stream.slice(at, at + step));
      };
      if (fails) assert.throws(feedAll, EventTooLarge, `${stream.slice(0, 20)} by ${step}`);
      else feedAll();
    }
  }
});

test('refuses a line beyond the limit in an event of a number and one line of data, too', () => {
  const parser = createSseParser({ onEvent: () => {} }, { maximumBytes: 100 });
  const feedEvent = (data: string) => feed(parser, `id: 1\ndata: ${data}\n\n`);
  for (const length of [1, 94, 88, 94]) feedEvent('x'.repeat(length));
  assert.throws(() => feedEvent('x'.repeat(95)), EventTooLarge);
});

test('delivers large data in small pieces whole', () => {
  const data = 'é💥x'.repeat(20_000);
  const bytes = Buffer.from(`data: ${data}\ndata: ${data}\n\n`);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, i) =>
    bytes.subarray(i * 100, i * 100 + 100),
  );
  assert.deepEqual(feedInPieces(pieces), [message(`${data}\n${data}`)]);
});
