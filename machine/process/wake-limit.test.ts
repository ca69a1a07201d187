import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWakeLimit } from './wake-limit.ts';

test('twenty wake-ups at once, then one in a millisecond', () => {
  const limit = createWakeLimit();
  assert.ok(limit.fromUs() < 0);
  for (let i = 0; i < 19; i++) limit.woke(50_000);
  assert.equal(limit.fromUs(), 50_000);
  limit.woke(50_000);
  assert.equal(limit.fromUs(), 51_000);
  limit.woke(51_000);
  assert.equal(limit.fromUs(), 52_000);
});

test('twenty are saved, however long none was needed', () => {
  const limit = createWakeLimit();
  for (let i = 0; i < 20; i++) limit.woke(50_000);
  // Five milliseconds later there are five more.
  for (let i = 0; i < 5; i++) limit.woke(55_000);
  assert.equal(limit.fromUs(), 56_000);
  for (let i = 0; i < 20; i++) limit.woke(9_000_000);
  assert.equal(limit.fromUs(), 9_001_000);
});
