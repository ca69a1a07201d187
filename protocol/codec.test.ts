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
  .map(([value, indent]) => new TextEncoder().encode(JSON.stringify(value, null, indent)));
const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 300 });

function updateOf(payload: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Update> {
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
  assert.deepEqual(JSON.parse(Buffer.from(encoded).toString()), [7, 1_234_567, 2, { text: 'naïve 👩‍💻' }]);
});

test('binary: the fields lie where Node.js writes them', () => {
  fc.assert(
    fc.property(updates.binary, (update) => {
      const { version, channel, intendedUs, payload } = update;
      const head = Buffer.alloc(binaryHeaderBytes);
      head.writeUInt32BE(version, 0);
      head.writeUInt32BE(channel, 4);
      head.writeUIntBE(intendedUs, 8, 6);
      assert.deepEqual(Buffer.from(codecs.binary.encode(update)), Buffer.concat([head, payload]));
    }),
  );
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

test('json: text that is no UTF-8 is malformed', () => {
  // A byte that begins nothing, an overlong form, a surrogate, and a sequence cut short (RFC 3629, section 4).
  for (const hex of ['ff', 'c080', 'eda080', 'e282']) {
    const bytes = Buffer.concat([Buffer.from('[1,2,3,"'), Buffer.from(hex, 'hex'), Buffer.from('"]')]);
    assert.throws(() => codecs.json.decode(bytes), MalformedUpdate, hex);
  }
});

test('json: white space behind the array belongs to no payload', () => {
  const { payload } = codecs.json.decode(Buffer.from('[1,2,3,"x" ] \n'));
  assert.equal(Buffer.from(payload).toString(), '"x" ');
});

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
    const encoded = codec.encode(update);
    assert.ok(codec.readFront(encoded, 0, encoded.length, front));
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
  for (const text of [...torn, ...odd]) {
    assert.ok(!codecs.json.readFront(Buffer.from(text), 0, text.length, front), text);
  }
  assert.ok(!codecs.binary.readFront(Buffer.alloc(binaryHeaderBytes - 1), 0, binaryHeaderBytes - 1, front));
});

for (const encoding of encodings) {
  const codec = codecs[encoding];

  test(`${encoding}: the front is read among other updates, and never completed from them`, () => {
    fc.assert(
      fc.property(updates[encoding], updates[encoding], fc.nat(), (update, other, cut) => {
        const [encoded, around] = [codec.encode(update), codec.encode(other)];
        const chunk = Buffer.concat([around, encoded, around]);
        const start = around.length;
        const front: Front = [0, 0, 0];
        assert.ok(codec.readFront(chunk, start, start + encoded.length, front));
        assert.deepEqual(front, [update.version, update.intendedUs, update.channel]);
        const shorter = cut % encoded.length;
        const alone = codec.readFront(encoded.slice(0, shorter), 0, shorter, [0, 0, 0]);
        assert.equal(codec.readFront(chunk, start, start + shorter, front), alone);
      }),
    );
  });

  test(`${encoding}: what was encoded stays as it is while others are encoded`, () => {
    fc.assert(
      fc.property(fc.array(updates[encoding], { minLength: 2, maxLength: 40 }), (list) => {
        const encoded = list.map((update) => codec.encode(update));
        assert.deepEqual(
          encoded.map((each) => codec.decode(each)),
          list,
        );
      }),
    );
  });

  test(`${encoding}: a number that is not whole or has no room is a RangeError`, () => {
    const good: Update = { version: 1, channel: 2, intendedUs: 3, payload: Buffer.from('1') };
    for (const field of ['version', 'channel', 'intendedUs'] as const) {
      for (const bad of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e15]) {
        assert.throws(() => codec.encode({ ...good, [field]: bad }), RangeError, `${field} ${bad}`);
      }
    }
  });
}

test('an empty place between two updates is no update', () => {
  const both = Buffer.from('[1,2,3,"x"][4,5,6,"y"]');
  assert.ok(!codecs.json.readFront(both, 11, 11, [0, 0, 0]));
});

test('json: the largest numbers of the contract have 15 digits', () => {
  const most = 999_999_999_999_999;
  const update = { version: most, channel: most, intendedUs: most, payload: new Uint8Array([0x30]) };
  assert.equal(Buffer.from(codecs.json.encode(update)).toString(), `[${most},${most},${most},0]`);
  assert.deepEqual(codecs.json.decode(codecs.json.encode(update)), update);
});

test('binary: the largest numbers fill their fields, and one more is a RangeError', () => {
  const most = { version: 2 ** 32 - 1, channel: 2 ** 32 - 1, intendedUs: 2 ** 48 - 1, payload: new Uint8Array() };
  assert.equal(Buffer.from(codecs.binary.encode(most)).toString('hex'), 'ff'.repeat(binaryHeaderBytes));
  for (const field of ['version', 'channel', 'intendedUs'] as const) {
    assert.throws(() => codecs.binary.encode({ ...most, [field]: most[field] + 1 }), RangeError, field);
  }
});
