import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrames } from './frame.ts';
import { acceptFor } from './handshake.ts';
import { steadyFrames, steadyText } from './steady.ts';

function handshake(key: string, accept: string) {
  return {
    up: Buffer.from(`GET /socket HTTP/1.1\r\nHost: 127.0.0.1:41234\r\nSec-WebSocket-Key: ${key}\r\n\r\n`),
    down: Buffer.from(`HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`),
  };
}

test('two handshakes become the same one, of the same length', () => {
  const keys = ['AAAAAAAAAAAAAAAAAAAAAA==', 'q4xkcO32u266gldTuKaSOw=='];
  const [first, second] = keys.map((key) => steadyText(handshake(key, acceptFor(key))));
  assert.deepEqual(first, second);
  assert.equal(first!.up.length, handshake(keys[0]!, '').up.length);
  assert.ok(first!.up.includes('127.0.0.1:50000'));
});

test('an answer that does not match its key is refused', () => {
  assert.throws(
    () => steadyText(handshake('AAAAAAAAAAAAAAAAAAAAAA==', acceptFor('something else'))),
    /does not answer/,
  );
});

test('a date is replaced by one of equal length', () => {
  const down = Buffer.from('HTTP/1.1 204 No Content\r\nDate: Tue, 24 Feb 2032 23:59:59 GMT\r\n\r\n');
  const steady = steadyText({ up: Buffer.alloc(0), down }).down;
  assert.equal(steady.length, down.length);
  assert.ok(steady.includes('Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n'));
});

test('replacing the mask keeps the message', () => {
  const up = Buffer.from('818501020304' + '49676f686e', 'hex');
  const steady = steadyFrames({ up, down: Buffer.alloc(0) }).up;
  assert.equal(steady.toString('hex'), '818537fa213d' + '7f9f4d5158');
  assert.deepEqual(
    [up, steady].map((bytes) => String(readFrames(bytes)[0]?.payload)),
    ['Hello', 'Hello'],
  );
});
