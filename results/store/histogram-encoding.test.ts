import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { histogramOf } from '../../testing/synthetic/synthetic-histogram.ts';
import { encodingFault, undecodable } from './histogram-encoding.ts';

const { encoded, count } = histogramOf(Array.from({ length: 500 }, (_, i) => 0.1 * i ** 2));

type Header = { digits?: number; lowest?: bigint; highest?: bigint; counts?: Buffer; length?: number };

/** HdrHistogram V2 with this header and these counts, compressed, as base64. */
function encoding({
  digits = 3,
  lowest = 1n,
  highest = 600_000_000n,
  counts = Buffer.from([2]),
  length,
}: Header): string {
  const plain = Buffer.alloc(40);
  plain.writeInt32BE(0x1c849313, 0);
  plain.writeInt32BE(length ?? counts.length, 4);
  plain.writeInt32BE(digits, 12);
  plain.writeBigInt64BE(lowest, 16);
  plain.writeBigInt64BE(highest, 24);
  plain.writeDoubleBE(1, 32);
  return compressed(Buffer.concat([plain, counts]));
}

function compressed(plain: Buffer): string {
  const body = deflateSync(plain);
  const head = Buffer.alloc(8);
  head.writeInt32BE(0x1c849314, 0);
  head.writeInt32BE(body.length, 4);
  return Buffer.concat([head, body]).toString('base64');
}

test('what a recorder writes is decoded, and nothing where there are no values', () => {
  assert.equal(encodingFault(encoded, count), undefined);
  assert.equal(encodingFault(encoding({}), 1), undefined);
  assert.equal(encodingFault('anything', 0), undefined);
});

test('what would take much memory or is no distribution has a reason', () => {
  const zeros = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x02]);
  const reasons: Readonly<Record<string, string>> = {
    [encoding({ digits: 5 })]: 'has more than 3 digits, or reaches beyond a day',
    [encoding({ highest: 2n ** 62n })]: 'has more than 3 digits, or reaches beyond a day',
    [encoding({ counts: zeros })]: 'has more counts than a distribution',
    [encoding({ length: 2 ** 30 })]: 'has more counts than a distribution',
    [compressed(Buffer.alloc(200 * 1024 * 1024))]: 'cannot be decoded (ERR_BUFFER_TOO_LARGE)',
    [compressed(Buffer.from('no histogram'))]: 'is no compressed HdrHistogram',
    [Buffer.from('no histogram').toString('base64')]: 'is no compressed HdrHistogram',
    [`${encoded.slice(0, -8)}`]: 'is no compressed HdrHistogram',
    [encoded.replace(/[A-Z]/, '!')]: 'is no base64',
    ['A'.repeat(1024 * 1024 + 4)]: 'has more than 1048576 characters',
  };
  for (const [text, reason] of Object.entries(reasons))
    assert.equal(encodingFault(text, count), reason, text.slice(0, 60));
  assert.equal(encodingFault(encoded, count + 1), `holds ${count} values, not ${count + 1}`);
});

test('damage anywhere has a reason or changes nothing, and never ends in an error', () => {
  const bytes = Buffer.from(encoded, 'base64');
  const plainOf = (compressed: Buffer) => inflateSync(compressed.subarray(8));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= difference;
      const fault = encodingFault(damaged.toString('base64'), count);
      // Compressed data has bits of its own that mean nothing, such as those that fill the last byte.
      if (fault === undefined) assert.deepEqual(plainOf(damaged), plainOf(bytes));
    }),
    {
      examples: [
        [0, 1],
        [3, 0x10],
        [7, 1],
      ],
    },
  );
});

test('a distribution is found anywhere in a record', () => {
  const good = { count, encoded };
  assert.equal(undecodable({ a: 1, b: [{ c: good }, null], d: { count: 0, encoded: '' } }), undefined);
  assert.equal(
    undecodable({ a: good, b: [good, { c: { count: 1, encoded } }] }),
    `b.1.c.encoded: holds ${count} values, not 1`,
  );
});
