import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockSince, newEpoch } from './clock.ts';

test('instants are whole microseconds and never go back', () => {
  const clock = clockSince(newEpoch());
  let before = clock.nowUs();
  assert.ok(before >= 0);
  for (let i = 0; i < 10_000; i++) {
    const now = clock.nowUs();
    assert.ok(Number.isInteger(now) && now >= before);
    before = now;
  }
});

test('clocks with the same epoch agree and follow the monotonic clock', () => {
  const epoch = newEpoch();
  const [one, other] = [clockSince(epoch), clockSince({ ...epoch })];
  const [first, between, last] = [one.nowUs(), other.nowUs(), one.nowUs()];
  assert.ok(first <= between && between <= last);
  const sinceBoot = clockSince({ seconds: 0, nanoseconds: 0 });
  const from = process.hrtime.bigint() / 1000n;
  assert.ok(BigInt(sinceBoot.nowUs()) >= from);
});
