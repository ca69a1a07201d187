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

test('two heads in one passage stay two; what is long is told by its beginning', () => {
  const head = 'HTTP/1.1 204 No Content\r\n\r\n';
  assert.deepEqual(
    layersOf(Buffer.from(head + head)).map(([layer]) => layer),
    ['headers', 'headers'],
  );
  const [piece] = layersOf(Buffer.alloc(5_000, 'x'), []);
  assert.equal(piece![1], 5_000);
  assert.equal((piece![2] as string).length, 600);
});
