import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyCharacter } from '../testing/by-hand/any-character.ts';
import { binaryHeaderBytes, codecs, type Front, MalformedUpdate } from './codec.ts';
import type { Encoding } from './contract-terms.ts';
import type { Update } from './update.ts';

const encodings: readonly Encoding[] = ['json', 'binary'];
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });

/** Any JSON value, on one line or several, with characters of all planes. */
const jsonText = fc
  .tuple(fc.jsonValue({ stringUnit: anyCharacter }), fc.nat(3))
  .map(([value, indent]) => Buffer.from(JSON.stringify(value, null, indent)));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

function updateOf(payload: fc.Arbitrary<Buffer>): fc.Arbitrary<Update> {
  return fc.record({ version: u32, channel: u32, intendedUs: instant, payload }, { noNullPrototype: true });
}

const updates: Readonly<Record<Encoding, fc.Arbitrary<Update>>> = {
  json: updateOf(jsonText),
  binary: updateOf(bytes),
};

for (const encoding of encodings) {
  const codec = codecs[encoding];

  test(`${encoding}: decode returns what was encoded, byte for byte`, () => {
    fc.assert(fc.property(updates[encoding], (update) => assert.deepEqual(codec.decode(codec.encode(update)), update)));
  });

  test(`${encoding}: version and instant are read from the front`, () => {
    fc.assert(
      fc.property(updates[encoding], (update) => {
        const encoded = codec.encode(update);
        assert.equal(codec.versionOf(encoded), update.version);
        assert.equal(codec.intendedUsOf(encoded), update.intendedUs);
      }),
    );
  });

  test(`${encoding}: the payload is a view, not a copy`, () => {
    const encoded = codec.encode({ version: 1, channel: 0, intendedUs: 5, payload: Buffer.from('"péché\\n💥"') });
    assert.equal(codec.decode(encoded).payload.buffer, encoded.buffer);
  });
}

test('json: an encoded update is itself JSON', () => {
  const payload = Buffer.from('{\n  "text": "naïve 👩‍💻"\n}');
  const encoded = codecs.json.encode({ version: 7, channel: 2, intendedUs: 1_234_567, payload });
  assert.deepEqual(JSON.parse(encoded.toString()), [7, 1_234_567, 2, { text: 'naïve 👩‍💻' }]);
});

test('json: a truncated update is malformed', () => {
  fc.assert(
    fc.property(updates.json, fc.nat(), (update, cut) => {
      const encoded = codecs.json.encode(update);
      assert.throws(() => codecs.json.decode(encoded.subarray(0, cut % encoded.length)), MalformedUpdate);
    }),
  );
});

const malformed = [
  '',
  'hello',
  '7',
  'null',
  '{"version":1}',
  '[]',
  '[1,2,3]',
  '[1,2,3,4,5]',
  '[1,2,3,"x"',
  '[1,2,3,"x"]]',
  '[1,2,3,"x"] [1,2,3,"x"]',
  ' [1,2,3,"x"]',
  '["1",2,3,"x"]',
  '[1,null,3,"x"]',
  '[1,2,-3,"x"]',
  '[1.5,2,3,"x"]',
  '[1,2,9007199254740992,"x"]',
  '[1,2,3,"line\nbreak"]',
  '[1,2,3,]',
];

for (const text of malformed) {
  test(`json: ${JSON.stringify(text)} is malformed`, () => {
    assert.throws(() => codecs.json.decode(Buffer.from(text)), MalformedUpdate);
  });
}

test('binary: fewer bytes than the header are malformed; the header alone is an empty payload', () => {
  fc.assert(
    fc.property(updates.binary, fc.nat(binaryHeaderBytes - 1), (update, cut) => {
      const head = codecs.binary.encode(update).subarray(0, binaryHeaderBytes);
      assert.throws(() => codecs.binary.decode(head.subarray(0, cut)), MalformedUpdate);
      assert.equal(codecs.binary.decode(head).payload.length, 0);
    }),
  );
});

test('arbitrary bytes either decode or throw MalformedUpdate', () => {
  fc.assert(
    fc.property(fc.constantFrom(...encodings), bytes, (encoding, noise) => {
      try {
        codecs[encoding].decode(noise);
      } catch (error) {
        assert.ok(error instanceof MalformedUpdate, String(error));
      }
    }),
  );
});

test('the front is read without the payload, and only from what begins and ends like an update', () => {
  const front: Front = [0, 0, 0];
  for (const codec of Object.values(codecs)) {
    const update = { version: 7, intendedUs: 1_234_567, channel: 3, payload: Buffer.from('"x"') };
    assert.ok(codec.readFront(codec.encode(update), front));
    assert.deepEqual(front, [7, 1_234_567, 3]);
  }
  const torn = [
    '',
    'hello',
    '[]',
    '[5,12id: 6',
    '[5,12,0,"x"',
    '5,12,0,"x"]',
    '[,1,0,"x"]',
    '[1,1,"x"]',
    '[1, 1,0,"x"]',
  ];
  const odd = ['[-1,1,0,"x"]', '[1e3,1,0,"x"]', '[1234567890123456,1,0,"x"]', '[1,1,0]'];
  for (const text of [...torn, ...odd]) assert.ok(!codecs.json.readFront(Buffer.from(text), front), text);
  assert.ok(!codecs.binary.readFront(Buffer.alloc(binaryHeaderBytes - 1), front));
});
