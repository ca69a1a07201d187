import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codecs } from './codec.ts';
import { decodeAcknowledgement, encodeAcknowledgement } from './socket-messages.ts';

test('decodes an encoded acknowledgement', () => {
  const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(fc.record({ sequence: count, version: count }, { noNullPrototype: true }), (acknowledgement) => {
      const text = encodeAcknowledgement(acknowledgement);
      assert.deepEqual(decodeAcknowledgement(text), acknowledgement);
      assert.deepEqual(JSON.parse(text), { ack: [acknowledgement.sequence, acknowledgement.version] });
    }),
  );
});

test('decodes neither updates nor other text as an acknowledgement', () => {
  const update = codecs.json.encode({ version: 1, intendedUs: 2, channel: 3, payload: Buffer.from('{"ack":[1,2]}') });
  const others = ['', '{}', '{"ack":[1]}', '{"ack":[1,2,3]}', '{"ack":[-1,2]}', '{"ack":[1,2]} ', '{"ack": [1,2]}'];
  for (const text of [Buffer.from(update).toString(), ...others])
    assert.equal(decodeAcknowledgement(text), undefined, text);
});
