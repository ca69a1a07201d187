import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readU32, readU48, writeU32, writeU48 } from './big-endian.ts';

const at = 3;
const edges = [0, 1, 255, 256, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const longEdges = [...edges, 2 ** 32, 2 ** 40 - 1, 2 ** 47, 2 ** 48 - 1];

test('u32 and u48 lie as Node.js writes and reads them', () => {
  const u32 = fc.oneof(fc.constantFrom(...edges), fc.nat(2 ** 32 - 1));
  const u48 = fc.oneof(fc.constantFrom(...longEdges), fc.nat(2 ** 48 - 1));
  fc.assert(
    fc.property(u32, u48, (short, long) => {
      const [own, other] = [Buffer.alloc(20, '_'), Buffer.alloc(20, '_')];
      writeU32(own, at, short);
      writeU48(own, at + 5, long);
      other.writeUInt32BE(short, at);
      other.writeUIntBE(long, at + 5, 6);
      assert.deepEqual(own, other);
      assert.deepEqual([readU32(own, at), readU48(own, at + 5)], [short, long]);
    }),
  );
});

test('what does not fit is a RangeError that names the value and the range', () => {
  for (const value of [-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY]) {
    const expected = { name: 'RangeError', message: `${value} is no whole number from 0 to 4294967295` };
    assert.throws(() => writeU32(Buffer.alloc(8), 0, value), expected);
  }
  for (const value of [-1, 0.5, 2 ** 48, Number.NaN, Number.POSITIVE_INFINITY]) {
    const expected = { name: 'RangeError', message: `${value} is no whole number from 0 to 281474976710655` };
    assert.throws(() => writeU48(Buffer.alloc(8), 0, value), expected);
  }
});
