import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BroadcastWatch } from '../../clients/load/broadcast-watch.ts';
import { emptyUpdates } from '../../protocol/accepted-updates.ts';
import { broadcastRecord } from './broadcast-record.ts';

/** Row 0 is an ordinary update; rows 1 and 2 are one broadcast in two channels, row 3 is another one. */
function updates() {
  const all = emptyUpdates(4);
  all.publisher.set([-1, -2, -2, -2]);
  return all;
}

/** Deliveries of one load process: row, intended instant, receipt. */
function figuresOf(deliveries: readonly (readonly [row: number, intendedUs: number, receivedUs: number])[]) {
  const watch = new BroadcastWatch(updates());
  for (const [row, intendedUs, receivedUs] of deliveries) watch.observe({ row, intendedUs, receivedUs });
  return { broadcasts: watch.figures() };
}

test('a broadcast counts the clients of all load processes, and lasts until the last of them has it', () => {
  const first = figuresOf([
    [0, 1_000, 90_000],
    [1, 5_000, 7_000],
    [2, 5_000, 6_000],
  ]);
  const second = figuresOf([
    [3, 9_000, 9_500],
    [1, 5_000, 15_000],
  ]);
  const record = broadcastRecord(4_000, [first, second])!;
  assert.deepEqual(record.sent, [
    { atMs: 1, clients: 3, lastMs: 10 },
    { atMs: 5, clients: 1, lastMs: 0.5 },
  ]);
  const { count, maxMs } = record.delivery;
  assert.equal(count, 4);
  assert.ok(Math.abs(maxMs - 10) < 0.02);
});

test('ordinary updates are no broadcasts', () => {
  assert.equal(broadcastRecord(0, [figuresOf([[0, 1_000, 2_000]])]), undefined);
});
