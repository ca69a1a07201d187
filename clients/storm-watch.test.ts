import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AcceptedUpdates, emptyUpdates } from '../protocol/accepted-updates.ts';
import { mergeRecorded } from '../protocol/recorder.ts';
import { Receipts } from './receipts.ts';
import { createStormWatch } from './storm-watch.ts';

/** Versions 1, 2, 3 … of channel 0, accepted at these instants. */
function acceptedAt(instantsUs: readonly number[]): AcceptedUpdates {
  const updates = emptyUpdates(instantsUs.length);
  for (const [row, atUs] of instantsUs.entries()) {
    updates.version[row] = row + 1;
    updates.acceptedUs[row] = atUs;
  }
  return updates;
}

test('who was cut is counted once, with the time until it was back and what it missed', () => {
  const watch = createStormWatch();
  watch.lost(1, 0, 1_000);
  watch.lost(1, 0, 1_500);
  watch.subscribed(1, 3_000);
  watch.lost(2, 0, 1_200);
  watch.subscribed(2, 2_200);
  watch.subscribed(3, 2_500);
  const receipts = new Receipts();
  receipts.add(1, 2, 3_100);
  receipts.add(1, 3, 3_400);
  receipts.add(2, 2, 2_300);
  // Version 1 came before the storm, 3 after client 2 was back.
  const figures = watch.figures(900, acceptedAt([500, 1_600, 2_900]), receipts);
  assert.deepEqual([figures.cut, figures.missedUpdates, figures.firstLostUs, figures.caughtUpUs], [2, 3, 1_000, 3_400]);
  const back = mergeRecorded([figures.back]);
  assert.deepEqual([back.totalCount, back.minNonZeroValue, back.maxValue], [2, 1_000, 2_000]);
});

test('what was lost before the storm, and again after it, is not its own', () => {
  const watch = createStormWatch();
  watch.lost(1, 0, 100);
  watch.subscribed(1, 200);
  watch.lost(1, 0, 1_000);
  watch.subscribed(1, 1_100);
  watch.lost(1, 0, 5_000);
  const { cut, firstLostUs } = watch.figures(900, acceptedAt([]), new Receipts());
  assert.deepEqual([cut, firstLostUs], [1, 1_000]);
});

test('a client that never came back is cut and has no time', () => {
  const watch = createStormWatch();
  watch.lost(1, 0, 1_000);
  const { cut, back, caughtUpUs } = watch.figures(900, acceptedAt([1_100]), new Receipts());
  assert.deepEqual([cut, mergeRecorded([back]).totalCount, caughtUpUs], [1, 0, null]);
});

test('where nobody was cut there is nothing to tell', () => {
  const { cut, missedUpdates, firstLostUs, caughtUpUs } = createStormWatch().figures(
    0,
    acceptedAt([1]),
    new Receipts(),
  );
  assert.deepEqual([cut, missedUpdates, firstLostUs, caughtUpUs], [0, 0, null, null]);
});
