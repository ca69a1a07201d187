import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codecs } from '../../../protocol/codec.ts';
import { frame } from '../../../protocol/framing.ts';
import { encodeAcknowledgement } from '../../../protocol/socket-messages.ts';
import { clientFrameBytes } from '../../../protocol/wire/web-socket-frame.ts';
import { RetainedUpdate } from '../../../servers/stream/retained-update.ts';
import {
  acknowledgementBytes,
  base64Bytes,
  chunkBytes,
  comment,
  encodedBytes,
  eventFramingOf,
  frameHead,
  maskedHead,
  meanDigits,
  netstringBytes,
  pollDigits,
} from './message-bytes.ts';

/** With one channel its number, 0, has one digit. */
const numbers = { clients: 1, channels: 1, version: 12_345, instantUs: 3_600_000_000 };
const sizes = [7, 89, 110, 2000, 70_000];

/** JSON of so many bytes. */
function payload(bytes: number): Uint8Array {
  return new TextEncoder().encode(`"${'x'.repeat(bytes - 2)}"`);
}

function encoded(encoding: 'json' | 'binary', bytes: number): Uint8Array {
  const { version, instantUs } = numbers;
  return codecs[encoding].encode({ version, intendedUs: instantUs, channel: 0, payload: payload(bytes) }).slice();
}

describe('digits', () => {
  const cases: readonly (readonly [count: number, mean: number])[] = [
    [0, 0],
    [1, 1],
    [10, 1],
    // Ten of one digit, ten of two.
    [20, 1.5],
    [100, 1.9],
    [1000, 2.89],
  ];
  for (const [count, mean] of cases) {
    test(`of 0 to ${count - 1}: ${mean} on average`, () => {
      assert.ok(Math.abs(meanDigits(count) - mean) < 1e-12, String(meanDigits(count)));
    });
  }

  test('of a poll: channel, client and version', () => {
    assert.equal(pollDigits({ clients: 20, channels: 10, version: 999, instantUs: 0 }), 1 + 1.5 + 3);
  });
});

describe('as large as the encoders make them', () => {
  for (const bytes of sizes) {
    for (const encoding of ['json', 'binary'] as const) {
      const update = encoded(encoding, bytes);

      test(`an update of ${bytes} bytes as ${encoding}`, () => {
        assert.equal(encodedBytes(encoding, bytes, numbers), update.length);
      });

      test(`in an answer, ${bytes} bytes as ${encoding}`, () => {
        assert.equal(netstringBytes(update.length), frame(update).length - update.length);
      });

      test(`in an event, ${bytes} bytes as ${encoding}`, () => {
        const accepted = { version: numbers.version, publisher: 0, acceptedUs: 0 };
        const { event } = new RetainedUpdate(accepted, update, encoding);
        const written = encoding === 'binary' ? base64Bytes(update.length) : update.length;
        const chunk = `${event.length.toString(16)}\r\n${event.toString()}\r\n`;
        assert.equal(written + eventFramingOf(written, numbers.version), chunk.length);
      });
    }

    test(`a frame of a client with ${bytes} bytes`, () => {
      assert.equal(maskedHead(bytes), clientFrameBytes(bytes) - bytes);
    });
  }

  test('an acknowledgement', () => {
    assert.equal(acknowledgementBytes(4321), encodeAcknowledgement({ sequence: 1234, version: 4321 }).length);
  });
});

describe('heads of frames', () => {
  const cases: readonly (readonly [payloadBytes: number, head: number])[] = [
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ];
  for (const [payloadBytes, head] of cases) {
    test(`of ${payloadBytes} bytes`, () => {
      assert.equal(frameHead(payloadBytes), head);
      assert.equal(maskedHead(payloadBytes), head + 4);
    });
  }
});

describe('chunks', () => {
  test('the comment that keeps SSE alive', () => assert.equal(chunkBytes(comment.length), '3\r\n:\n\n\r\n'.length));
  for (const [bytes, all] of [
    [15, 20],
    [16, 22],
    [255, 261],
    [256, 263],
  ] as const) {
    test(`of ${bytes} bytes`, () => assert.equal(chunkBytes(bytes), all));
  }
});

test('a mean of many sizes has the digits of its whole number', () => {
  assert.equal(netstringBytes(99.4), 4);
  assert.equal(netstringBytes(99.6), 5);
});
