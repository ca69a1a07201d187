import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyCharacter } from '../testing/by-hand/any-character.ts';
import {
  decodeMessage,
  encodeMessage,
  type FromBackplane,
  recordReader,
  type ToBackplane,
  withLength,
} from './backplane-messages.ts';

const count = fc.maxSafeNat();
const plain = { noNullPrototype: true };
const unversioned = {
  channel: count,
  intendedUs: count,
  payload: fc.uint8Array({ maxLength: 300 }),
  publisher: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
};
const verdict = fc.oneof(
  fc.record({ version: count, repeated: fc.boolean() }, plain),
  fc.record({ refused: fc.string({ unit: anyCharacter }) }, plain),
);
const message: fc.Arbitrary<ToBackplane | FromBackplane> = fc.oneof(
  fc.constantFrom({ kind: 'join' } as const, { kind: 'joined' } as const),
  fc.record({ kind: fc.constant('publish'), id: count, sequence: count, ...unversioned }, plain),
  fc.record({ kind: fc.constant('accepted'), version: count, ...unversioned }, plain),
  fc.record({ kind: fc.constant('verdict'), id: count, verdict }, plain),
);

/** What `take` makes of the records of a stream that is cut into pieces of these lengths, and the rest. */
function recordsOf<T>(stream: Uint8Array, lengths: readonly number[], take: (record: Uint8Array) => T): T[] {
  const taken: T[] = [];
  const read = recordReader((record) => taken.push(take(record)));
  let at = 0;
  for (const length of [...lengths, stream.length]) {
    // Wiped afterwards, as memory that is used again would be.
    const chunk = Buffer.from(stream.subarray(at, at + length));
    read(chunk);
    chunk.fill(0xff);
    at += length;
  }
  return taken;
}

/** A payload is a view, valid only as long as the record. */
function copied(decoded: ToBackplane | FromBackplane): ToBackplane | FromBackplane {
  return 'payload' in decoded ? { ...decoded, payload: Uint8Array.from(decoded.payload) } : decoded;
}

const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });

test('messages come back as they were, wherever their stream is cut', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), pieces, (messages, lengths) => {
      const stream = Buffer.concat(messages.map(encodeMessage));
      const decoded = recordsOf(stream, lengths, (record) => copied(decodeMessage(record)));
      assert.deepEqual(decoded, messages);
    }),
  );
});

test('records come back as they were, wherever their stream is cut', () => {
  const record = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), pieces, (records, lengths) => {
      const stream = Buffer.concat(records.map(withLength));
      const read = recordsOf(stream, lengths, (record) => Uint8Array.from(record));
      assert.deepEqual(read, records);
    }),
  );
});

test('a record begins with its length in four bytes, the highest first', () => {
  assert.equal(Buffer.from(withLength(Buffer.from('abc'))).toString('latin1'), '\0\0\0\x03abc');
  assert.equal(Buffer.from(encodeMessage({ kind: 'join' })).toString('latin1'), '\0\0\0\x01\0');
});

test('a message of an unknown kind is an error', () => {
  assert.throws(() => decodeMessage(Uint8Array.of(99)), /^Error: backplane: message of unknown kind 99$/);
});
