import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digitsOf, writeDigits } from './decimal.ts';

function written(value: number): string {
  const bytes = Buffer.alloc(digitsOf(value) + 2, '_');
  writeDigits(bytes, bytes.length - 1, value);
  return bytes.toString('latin1');
}

/** Around powers of ten and of two, where the number of digits and the arithmetic change. */
const edges = [...Array(16).keys()].flatMap((digits) => [10 ** digits, 2 ** (3 * digits), 2 ** 31, 2 ** 32, 2 ** 48]);

test('whole numbers are written as JavaScript writes them, and nothing beside them', () => {
  for (const edge of edges) for (const value of [edge - 1, edge, edge + 1]) assert.equal(written(value), `_${value}_`);
  fc.assert(fc.property(fc.maxSafeNat(), (value) => assert.equal(written(value), `_${value}_`)));
  fc.assert(fc.property(fc.nat(), (value) => assert.equal(written(value), `_${value}_`)));
});
