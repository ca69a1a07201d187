import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answeredAfterMs, delayedAckMs } from './conditions.ts';

test('an answer is there after half a round trip and the way down with all handling', () => {
  assert.equal(answeredAfterMs({ roundTripMs: 40, oneWayMs: 23 }), 43);
});

test('an acknowledgement is put off for 40 ms', () => assert.equal(delayedAckMs, 40));
