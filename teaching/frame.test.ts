import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Frame, masked, readFrames } from './frame.ts';

function framesOf(hex: string, more: Buffer = Buffer.alloc(0)): readonly Frame[] {
  return readFrames(Buffer.concat([Buffer.from(hex.replaceAll(' ', ''), 'hex'), more]));
}

test('the examples of RFC 6455, 5.7', () => {
  const [plain] = framesOf('81 05 48 65 6c 6c 6f');
  assert.deepEqual([plain?.fin, plain?.opcode, plain?.mask, String(plain?.payload)], [true, 1, undefined, 'Hello']);
  const [hidden] = framesOf('81 85 37 fa 21 3d 7f 9f 4d 51 58');
  assert.deepEqual([hidden?.mask?.toString('hex'), String(hidden?.payload)], ['37fa213d', 'Hello']);
  const pieces = framesOf('01 03 48 65 6c 80 02 6c 6f');
  assert.deepEqual(
    pieces.map(({ fin, opcode, payload }) => [fin, opcode, String(payload)]),
    [
      [false, 1, 'Hel'],
      [true, 0, 'lo'],
    ],
  );
  const [ping] = framesOf('89 05 48 65 6c 6c 6f');
  assert.equal(ping?.opcode, 9);
});

test('a length takes seven bits, or two or eight more bytes', () => {
  for (const [head, length, bytes] of [
    ['82 7d', 125, 2],
    ['82 7e 00 7e', 126, 4],
    ['82 7e ff ff', 65_535, 4],
    ['82 7f 00 00 00 00 00 01 00 00', 65_536, 10],
  ] as const) {
    const [frame] = framesOf(head, Buffer.alloc(length));
    assert.deepEqual([frame?.head.length, frame?.payload.length, frame?.bytes], [bytes, length, bytes + length]);
  }
});

test('an incomplete frame is refused', () => {
  assert.throws(() => framesOf('81 05 48 65 6c 6c'), RangeError);
  assert.throws(() => framesOf('81 7e 00'), RangeError);
  assert.throws(() => framesOf('81'), RangeError);
});

test('masking twice restores the original', () => {
  const bytes = Buffer.from('whatever length it has');
  const mask = Buffer.from('01020304', 'hex');
  assert.notDeepEqual(masked(bytes, mask), bytes);
  assert.deepEqual(masked(masked(bytes, mask), mask), bytes);
});
