import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeRecorded } from '../../machine/process/recorder.ts';
import { type AcceptedUpdates, emptyUpdates } from '../../protocol/accepted-updates.ts';
import { Receipts } from '../subscriber/receipts.ts';
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

/** These updates, received by no client. */
function nothing(instantsUs: readonly number[]) {
  return { updates: acceptedAt(instantsUs), receipts: new Receipts(), echo: true };
}

test('counts each cut client once, with its time to return and the updates it missed', () => {
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
  const figures = watch.figures(900, { updates: acceptedAt([500, 1_600, 2_900]), receipts, echo: true });
  assert.deepEqual([figures.cut, figures.missedUpdates, figures.behind], [2, 3, 0]);
  assert.deepEqual([figures.firstLostUs, figures.caughtUpUs], [1_000, 3_400]);
  const back = mergeRecorded([figures.back]);
  assert.deepEqual([back.totalCount, back.minNonZeroValue, back.maxValue], [2, 1_000, 2_000]);
});

test('ignores losses before the storm and later losses of the same client', () => {
  const watch = createStormWatch();
  watch.lost(1, 0, 100);
  watch.subscribed(1, 200);
  watch.lost(1, 0, 1_000);
  watch.subscribed(1, 1_100);
  watch.lost(1, 0, 5_000);
  const { cut, firstLostUs } = watch.figures(900, nothing([]));
  assert.deepEqual([cut, firstLostUs], [1, 1_000]);
});

test('a client that never returned is cut and has no time', () => {
  const watch = createStormWatch();
  watch.lost(1, 0, 1_000);
  const { cut, back, behind, caughtUpUs } = watch.figures(900, nothing([1_100]));
  assert.deepEqual([cut, mergeRecorded([back]).totalCount, behind, caughtUpUs], [1, 0, 1, null]);
});

test('reports nothing when no client was cut', () => {
  const { cut, missedUpdates, behind, firstLostUs, caughtUpUs } = createStormWatch().figures(0, nothing([1]));
  assert.deepEqual([cut, missedUpdates, behind, firstLostUs, caughtUpUs], [0, 0, 0, null, null]);
});

test('a client that returned but never got what it missed has not caught up', () => {
  const watch = createStormWatch();
  for (const client of [1, 2]) {
    watch.lost(client, 0, 1_000);
    watch.subscribed(client, 2_000);
  }
  const receipts = new Receipts();
  receipts.add(1, 1, 2_100);
  receipts.add(1, 2, 2_400);
  receipts.add(2, 1, 2_900);
  const { behind, missedUpdates, caughtUpUs } = watch.figures(900, {
    updates: acceptedAt([1_200, 1_800]),
    receipts,
    echo: true,
  });
  assert.deepEqual([behind, missedUpdates, caughtUpUs], [1, 4, 2_400]);
});

test('a client’s own publishes are not missed, unless they are echoed', () => {
  const watch = createStormWatch();
  watch.lost(1, 0, 1_000);
  watch.subscribed(1, 2_000);
  const updates = acceptedAt([1_500]);
  updates.publisher[0] = 1;
  const figures = (echo: boolean) => watch.figures(900, { updates, receipts: new Receipts(), echo });
  const alone = figures(false);
  assert.deepEqual([alone.missedUpdates, alone.behind, alone.caughtUpUs], [0, 0, 2_000]);
  assert.deepEqual([figures(true).missedUpdates, figures(true).behind], [1, 1]);
});
