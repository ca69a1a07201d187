import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wireLines } from './wire-text.ts';

test('every byte is visible', () => {
  assert.deepEqual(wireLines(Buffer.from('GET / HTTP/1.1\r\n\r\n')), ['GET / HTTP/1.1\\r\\n', '\\r\\n']);
  assert.deepEqual(wireLines(Buffer.from([0x81, 0xfe, 0x7b])), ['⟨81⟩⟨fe⟩{']);
  assert.deepEqual(wireLines(Buffer.from('\u0000\u001b[31m')), ['⟨00⟩⟨1b⟩[31m']);
  assert.deepEqual(wireLines(Buffer.from('naïve 🎂')), ['naïve 🎂']);
});
