import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHeldBytes } from './held-bytes.ts';

const piece = fc.tuple(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100)).map(([bytes, a, b]) => {
  const start = Math.min(a, bytes.length);
  return { bytes, start, end: Math.min(start + b, bytes.length) };
});

test('it holds what was appended since the last clear', () => {
  fc.assert(
    fc.property(fc.array(fc.option(piece), { maxLength: 50 }), (steps) => {
      const held = createHeldBytes();
      let expected: readonly number[] = [];
      for (const step of steps) {
        if (step) held.append(step.bytes, step.start, step.end);
        else held.clear();
        expected = step ? [...expected, ...step.bytes.subarray(step.start, step.end)] : [];
        assert.deepEqual([...held.bytes()], expected);
        assert.equal(held.length(), expected.length);
      }
    }),
  );
});

test('it copies: the owner may overwrite the chunk afterwards', () => {
  for (const size of [3, 300]) {
    const held = createHeldBytes();
    const chunk = new Uint8Array(size).fill(7);
    held.append(chunk, 0, size);
    chunk.fill(0);
    assert.deepEqual(held.bytes(), new Uint8Array(size).fill(7));
  }
});

test('room grows by doubling, so that a million single bytes move a few times only', () => {
  const held = createHeldBytes();
  const rooms = new Set<ArrayBufferLike>();
  const one = Uint8Array.of(1);
  for (let i = 0; i < 1_000_000; i++) {
    held.append(one, 0, 1);
    // A view each time would take most of the time.
    if (i % 256 === 0) rooms.add(held.bytes().buffer);
  }
  assert.equal(held.length(), 1_000_000);
  // 256 bytes doubled twelve times are 2 ** 20.
  assert.equal(rooms.size, 13);
});

test('a clear keeps room up to 64 KiB for reuse, and drops more', () => {
  const kib64 = new Uint8Array(64 * 1024);
  const held = createHeldBytes();
  held.append(kib64, 0, kib64.length);
  const room = held.bytes().buffer;
  held.clear();
  held.append(kib64, 0, 10);
  assert.equal(held.bytes().buffer, room);

  held.append(kib64, 0, kib64.length);
  held.clear();
  assert.equal(held.bytes().buffer.byteLength, 0);
});
