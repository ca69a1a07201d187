import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specimenRecord } from './specimen-record.ts';

const update = Buffer.from('[7,1000000000,0,{"text":"news"}]');

function layersOf(bytes: Buffer, updates: readonly Buffer[] = [update]) {
  const [passage] = specimenRecord({ passages: [{ direction: 'down', bytes }], updates });
  return passage!.pieces.map(({ layer, length, base64 }) => [layer, length, Buffer.from(base64, 'base64').toString()]);
}

test('an answer is its head, its framing and its update, and no byte is lost', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n';
  const bytes = Buffer.from(`${head}32:${update},`);
  assert.deepEqual(layersOf(bytes), [
    ['headers', head.length, head],
    ['framing', 3, '32:'],
    ['update', update.length, update.toString()],
    ['framing', 1, ','],
  ]);
});

test('a frame is two bytes and its update', () => {
  assert.deepEqual(
    layersOf(Buffer.concat([Buffer.from([0x81, update.length]), update])).map(([layer, length]) => [layer, length]),
    [
      ['framing', 2],
      ['update', update.length],
    ],
  );
});

test('an update in base64 is found as well', () => {
  const text = update.toString('base64');
  assert.deepEqual(
    layersOf(Buffer.from(`data:${text}\n\n`)).map(([layer, length]) => [layer, length]),
    [
      ['framing', 5],
      ['update', text.length],
      ['framing', 2],
    ],
  );
});

test('two heads in one passage stay two', () => {
  const head = 'HTTP/1.1 204 No Content\r\n\r\n';
  assert.deepEqual(
    layersOf(Buffer.from(head + head)).map(([layer, length]) => [layer, length]),
    [
      ['headers', head.length],
      ['headers', head.length],
    ],
  );
});

test('requests have heads as well, which end at the empty line', () => {
  const get = 'GET /updates?after=3 HTTP/1.1\r\nHost: a\r\n\r\n';
  const post = 'POST /publish HTTP/1.1\r\nContent-Length: 4\r\n\r\n';
  assert.deepEqual(layersOf(Buffer.from(`${get}${post}body`)), [
    ['headers', get.length, get],
    ['headers', post.length, post],
    ['framing', 4, 'body'],
  ]);
});

test('bytes that only resemble a head are framing: without an end, or with another version', () => {
  for (const text of [
    'HTTP/1.1 200 OK\r\nContent-',
    'HTTP/1.1 20',
    'GET / HTTP/1.0\r\n\r\n',
    'PUT / HTTP/1.1\r\n\r\n',
  ]) {
    assert.deepEqual(layersOf(Buffer.from(text)), [['framing', text.length, text]]);
  }
});

test('each of several updates is found once, in the order of the bytes', () => {
  const [first, second] = [Buffer.from('first'), Buffer.from('second one')];
  assert.deepEqual(layersOf(Buffer.from('<first,second one>first'), [second, first]), [
    ['framing', 1, '<'],
    ['update', 5, 'first'],
    ['framing', 1, ','],
    ['update', 10, 'second one'],
    ['framing', 6, '>first'],
  ]);
});

test('each byte has one layer: a piece that begins within another one belongs to that', () => {
  const get = 'GET /updates HTTP/1.1\r\nLast: 17\r\n\r\n';
  assert.deepEqual(layersOf(Buffer.from(`${get}x`), [Buffer.from('17')]), [
    ['headers', get.length, get],
    ['framing', 1, 'x'],
  ]);
  assert.deepEqual(layersOf(Buffer.from('abcdefgh'), [Buffer.from('def'), Buffer.from('bcd')]), [
    ['framing', 1, 'a'],
    ['update', 3, 'bcd'],
    ['framing', 4, 'efgh'],
  ]);
});

test('updates that touch both are updates', () => {
  assert.deepEqual(layersOf(Buffer.from('abcd'), [Buffer.from('ab'), Buffer.from('cd')]), [
    ['update', 2, 'ab'],
    ['update', 2, 'cd'],
  ]);
});

test('an update without bytes, and one that did not travel, have no piece; one byte is enough', () => {
  assert.deepEqual(layersOf(Buffer.from('abc'), [Buffer.from('c')]), [
    ['framing', 2, 'ab'],
    ['update', 1, 'c'],
  ]);
  assert.deepEqual(layersOf(Buffer.from('abc'), [Buffer.alloc(0), Buffer.from('xyz')]), [['framing', 3, 'abc']]);
});

test('of a long piece the first 600 bytes are kept, and its whole length', () => {
  const bytes = Buffer.from(Array.from({ length: 601 }, (_, i) => 32 + (i % 90)));
  assert.deepEqual(layersOf(bytes, []), [['framing', 601, bytes.subarray(0, 600).toString()]]);
  assert.deepEqual(layersOf(Buffer.concat([Buffer.from('!'), bytes]), [bytes]), [
    ['framing', 1, '!'],
    ['update', 601, bytes.subarray(0, 600).toString()],
  ]);
});

test('passages keep their direction and their order; an empty one has no pieces', () => {
  const passages = [
    { direction: 'up', bytes: Buffer.from('ask') },
    { direction: 'down', bytes: Buffer.alloc(0) },
  ] as const;
  assert.deepEqual(specimenRecord({ passages, updates: [update] }), [
    { direction: 'up', pieces: [{ layer: 'framing', length: 3, base64: 'YXNr' }] },
    { direction: 'down', pieces: [] },
  ]);
});
