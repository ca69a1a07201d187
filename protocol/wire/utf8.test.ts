import assert from 'node:assert/strict';
import { isUtf8 as isUtf8OfNode } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/by-hand/any-character.ts';
import { isUtf8 } from './utf8.ts';

/** The first and last byte of every range of table 3-7, and their neighbours outside. */
const edges = [
  ...[0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf],
  ...[0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
];

function check(bytes: Uint8Array): boolean {
  return isUtf8(bytes, 0, bytes.length);
}

/** Table 3-7 of Unicode: the ranges of each byte. */
const wellFormed: readonly (readonly (readonly [number, number])[])[] = [
  [[0x00, 0x7f]],
  [
    [0xc2, 0xdf],
    [0x80, 0xbf],
  ],
  [
    [0xe0, 0xe0],
    [0xa0, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xe1, 0xec],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xed, 0xed],
    [0x80, 0x9f],
    [0x80, 0xbf],
  ],
  [
    [0xee, 0xef],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xf0, 0xf0],
    [0x90, 0xbf],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xf1, 0xf3],
    [0x80, 0xbf],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xf4, 0xf4],
    [0x80, 0x8f],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
];

test('accepts the first and last sequence of every row of table 3-7, and nothing one byte outside', () => {
  for (const row of wellFormed) {
    for (const sequence of [row.map(([low]) => low), row.map(([, high]) => high)]) {
      assert.ok(check(Uint8Array.from(sequence)), String(sequence));
      for (let i = 1; i < row.length; i++) {
        for (const outside of [row[i]![0] - 1, row[i]![1] + 1]) {
          assert.ok(!check(Uint8Array.from(sequence.with(i, outside))), `${sequence} with ${outside} at ${i}`);
        }
      }
    }
  }
});

test('agrees with Node on all sequences of up to four bytes from the edges of the ranges', () => {
  const bytes = new Uint8Array(4);
  let count = 0;
  const visit = (length: number) => {
    if (isUtf8(bytes, 0, length) !== isUtf8OfNode(bytes.subarray(0, length))) {
      assert.fail(`wrong about ${bytes.subarray(0, length)}`);
    }
    count++;
    if (length === bytes.length) return;
    for (const edge of edges) {
      bytes[length] = edge;
      visit(length + 1);
    }
  };
  visit(0);
  assert.equal(count, 1 + 24 + 24 ** 2 + 24 ** 3 + 24 ** 4);
});

test('accepts every code point that UTF-8 can hold', () => {
  const bytes = new Uint8Array(4);
  const encoder = new TextEncoder();
  for (let code = 0; code <= 0x10ffff; code++) {
    // TextEncoder writes a replacement character for a surrogate.
    const { written } = encoder.encodeInto(String.fromCodePoint(code), bytes);
    if (!isUtf8(bytes, 0, written)) assert.fail(`U+${code.toString(16)}`);
  }
});

test('reads from start to end only', () => {
  // 🙂 is four bytes; before it stands what would be wrong, after it what would complete a sequence.
  const bytes = Buffer.concat([Buffer.of(0xff), Buffer.from('🙂'), Buffer.of(0x80)]);
  assert.ok(isUtf8(bytes, 1, 5));
  assert.ok(isUtf8(bytes, 2, 2));
  for (const [start, end] of [
    [0, 5],
    [1, 4],
    [1, 3],
    [1, 2],
    [1, 6],
    [2, 5],
  ] as const) {
    assert.ok(!isUtf8(bytes, start, end), `${start} to ${end}`);
  }
});

test('agrees with Node on texts with a damaged byte, wherever it is', () => {
  const run = fc.nat(20).map((length) => 'a'.repeat(length));
  const text = fc.array(fc.oneof(run, anyCharacter), { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')));
  let valid = 0;
  fc.assert(
    fc.property(text, fc.nat(), fc.constantFrom(...edges), fc.nat(9), (bytes, at, edge, front) => {
      if (bytes.length > 0) bytes[at % bytes.length] = edge;
      const start = Math.min(front, bytes.length);
      const expected = isUtf8OfNode(bytes.subarray(start));
      if (expected) valid++;
      assert.equal(isUtf8(bytes, start, bytes.length), expected);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(valid > 100 && valid < 1_900, `${valid} of 2000 were valid`);
});
