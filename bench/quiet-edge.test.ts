import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLink } from '../network/path.ts';
import { stillMsOf, untilStill } from './quiet-edge.ts';

test('it waits until nothing has moved for a while', async () => {
  let reads = 0;
  await untilStill(async () => [7, Math.min(reads++, 5)], 250, 10_000);
  // Five reads that moved, and then enough that did not.
  assert.ok(reads >= 8, `${reads} reads`);
});

test('counters that never stand still are an error, not a figure', async () => {
  let reads = 0;
  await assert.rejects(
    untilStill(async () => [reads++], 250, 300),
    /counters still move after 300 ms/,
  );
});

test('still is longer than two round trips, and where packets are lost, than sending twice again takes', () => {
  assert.equal(stillMsOf({ link: plainLink(40) }), 250);
  assert.equal(stillMsOf({ link: plainLink(400) }), 800);
  assert.equal(stillMsOf({ link: { ...plainLink(400), jitterMs: 100 } }), 1_000);
  assert.equal(stillMsOf({ link: { ...plainLink(600), lossShare: 0.001 } }), 2_400);
});
