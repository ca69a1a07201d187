import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import { createRecorder } from '../protocol/recorder.ts';
import { Receipts } from './receipts.ts';
import { settle } from './settlement.ts';

const updates: AcceptedUpdates = {
  channel: Uint32Array.of(0, 0, 1),
  version: Uint32Array.of(5, 6, 1),
  publisher: Int32Array.of(-1, -1, -1),
  intendedUs: Float64Array.of(1_000, 2_000, 1_500),
  acceptedUs: Float64Array.of(1_100, 2_100, 1_600),
};

function settled(receipts: Receipts) {
  const clients = [
    [7, 0],
    [8, 1],
  ] as const;
  return settle(clients, updates, receipts, { startUs: 0, endUs: 10_000 }, true, createRecorder());
}

test('the area under what is under way is that between intended instants and receipts', () => {
  const receipts = new Receipts();
  receipts.add(7, 5, 3_000);
  receipts.add(7, 6, 3_500);
  receipts.add(8, 1, 1_700);
  // One is under way from 1,000 to 3,000 µs, one from 2,000 to 3,500, one from 1,500 to 1,700.
  assert.equal(settled(receipts).outstandingUs, 2_000 + 1_500 + 200);
  assert.equal(settled(receipts).staleUs, 2_500 + 200);
});

test('what was conflated, or is of another window, is not under way', () => {
  const receipts = new Receipts();
  receipts.add(7, 4, 900);
  receipts.add(7, 6, 3_500);
  assert.equal(settled(receipts).outstandingUs, 1_500);
});
