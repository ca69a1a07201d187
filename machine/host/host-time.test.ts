import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostTimeOf, readHostTime } from './host-time.ts';

const stat = `cpu  300 0 300 3000 30 0 6 9 90 0
cpu0 100 0 100 1000 10 0 2 3 30 0
cpu1 200 0 200 2000 20 0 4 6 60 0
intr 1`;

test('sums the columns of the wanted cores and counts guest time once', () => {
  assert.deepEqual(hostTimeOf(stat, [0]), { idleMs: 10_100, stealMs: 30, totalMs: 12_150 });
  assert.deepEqual(hostTimeOf(stat, [0, 1]), { idleMs: 30_300, stealMs: 90, totalMs: 36_450 });
});

test('returns undefined for a missing core, a short line or a missing file', () => {
  assert.equal(hostTimeOf(stat, [0, 7]), undefined);
  assert.equal(hostTimeOf(stat, []), undefined);
  assert.equal(hostTimeOf('cpu0 1 2 3', [0]), undefined);
  assert.equal(readHostTime([0], '/nowhere/at/all'), undefined);
});
