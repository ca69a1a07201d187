import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { type PayloadKind, payloadKinds } from '../scenario.ts';
import { minimumBytes, PayloadTooSmall, payloadPool } from './payloads.ts';

const jsonFields: Partial<Record<PayloadKind, readonly string[]>> = {
  'chat-text': ['user', 'text'],
  quotes: ['symbol', 'bid', 'ask', 'bidSize', 'askSize', 'volume', 'venues'],
  notice: ['id', 'kind', 'from', 'link', 'text'],
  presence: ['user', 'status', 'since', 'note'],
  reaction: ['user', 'emoji', 'at', 'via'],
};
const utf8 = new TextDecoder('utf-8', { fatal: true });

for (const kind of payloadKinds) {
  const anyBytes = fc.oneof(fc.nat(40), fc.nat(3000)).map((more) => minimumBytes[kind] + more);

  test(`${kind}: has exactly the requested bytes, is valid, and repeats with its seed`, () => {
    fc.assert(
      fc.property(anyBytes, fc.integer(), (bytes, seed) => {
        const pool = payloadPool({ kind, bytes }, 'binary', seed, 12);
        assert.equal(pool.length, 12);
        for (const payload of pool) {
          assert.equal(payload.length, bytes);
          const fields = jsonFields[kind];
          if (fields) assert.deepEqual(Object.keys(withoutDepth(utf8.decode(payload))), fields);
        }
        assert.deepEqual(payloadPool({ kind, bytes }, 'binary', seed, 12), pool);
      }),
    );
  });

  test(`${kind}: in JSON it is JSON of the same bytes, binary kinds as base64`, () => {
    const payload = { kind, bytes: minimumBytes[kind] + 50 };
    const raw = payloadPool(payload, 'binary', 5, 20);
    const text = payloadPool(payload, 'json', 5, 20);
    if (jsonFields[kind]) return assert.deepEqual(text, raw);
    const decoded = text.map((bytes) => Buffer.from(JSON.parse(utf8.decode(bytes)) as string, 'base64'));
    return assert.deepEqual(decoded, raw);
  });

  test(`${kind}: too few bytes are refused with kind, bytes and minimum`, () => {
    for (const bytes of [minimumBytes[kind] - 1, -5, Number.NaN, minimumBytes[kind] + 0.5]) {
      const expected = `payload ${kind}: ${bytes} bytes, a whole number from ${minimumBytes[kind]} up is expected`;
      assert.throws(() => payloadPool({ kind, bytes }, 'json', 1), new PayloadTooSmall(expected));
    }
  });

  test(`${kind}: another seed gives other payloads; the pool has 256`, () => {
    const payload = { kind, bytes: minimumBytes[kind] + 100 };
    const pool = payloadPool(payload, 'binary', 1);
    assert.equal(pool.length, 256);
    assert.ok(new Set(pool.map(String)).size > 250);
    assert.notDeepEqual(payloadPool(payload, 'binary', 2), pool);
  });
}

/** Quotes include the depth of the book only when there is room. */
function withoutDepth(text: string): object {
  const { depth: _, ...fields } = JSON.parse(text) as Record<string, unknown>;
  return fields;
}

test('chat text contains words and emoji beyond ASCII', () => {
  const text = Buffer.concat(payloadPool({ kind: 'chat-text', bytes: 120 }, 'json', 1)).toString();
  assert.match(text, /[à-ÿ]/u);
  assert.match(text, /\p{Script=Han}/u);
  assert.match(text, /\p{Extended_Pictographic}/u);
});

test('positions compress well; media does not compress at all', () => {
  const ratio = (kind: PayloadKind, bytes: number) => {
    const stream = Buffer.concat(payloadPool({ kind, bytes }, 'binary', 1));
    return deflateRawSync(stream).length / stream.length;
  };
  assert.ok(ratio('player-positions', 308) < 0.5);
  assert.ok(ratio('player-input', 24) < 0.5);
  assert.ok(ratio('media-chunk', 4096) >= 1);
});
