import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { takeBytes } from './byte-pool.ts';

test('each array has the length asked for, is zero, and shares no byte with another', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { maxLength: 60 }), (lengths) => {
      const taken = lengths.map((length, i) => {
        const bytes = takeBytes(length);
        assert.equal(bytes.length, length);
        assert.ok(bytes.every((byte) => byte === 0));
        return bytes.fill(1 + (i % 255));
      });
      for (const [i, bytes] of taken.entries()) assert.ok(bytes.every((byte) => byte === 1 + (i % 255)));
    }),
  );
});

test('short arrays share memory, a long one has its own', () => {
  const memories = new Set(Array.from({ length: 100 }, () => takeBytes(100).buffer));
  assert.ok(memories.size <= 3, `${memories.size} pieces of memory for 100 arrays`);
  assert.equal(takeBytes(100_000).buffer.byteLength, 100_000);
});
