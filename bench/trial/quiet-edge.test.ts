import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLink } from '../../network/link/path.ts';
import { VirtualTime } from '../../testing/fleet/virtual-time.ts';
import { stillMsOf } from '../plan/overheads.ts';
import { untilStill } from './quiet-edge.ts';

const never = new AbortController().signal;

test('it waits until nothing has moved for a while', async () => {
  const time = new VirtualTime();
  let reads = 0;
  const patience = { stillMs: 250, withinMs: 10_000 };
  await time.play(untilStill(async () => [7, Math.min(reads++, 5)], patience, time.startScheduler(), never));
  // One read every 50 ms: five that moved, and then as many as fit into 250 ms.
  assert.deepEqual([reads, time.nowUs], [11, 500_000]);
});

test('counters that never stand still are an error, not a figure', async () => {
  const time = new VirtualTime();
  let reads = 0;
  const patience = { stillMs: 250, withinMs: 300 };
  const waiting = untilStill(async () => [reads++], patience, time.startScheduler(), never);
  await assert.rejects(time.play(waiting), /counters still move after 300 ms/);
  assert.equal(time.nowUs, 350_000);
});

test('an abort ends the waiting', async () => {
  const time = new VirtualTime();
  const ending = new AbortController();
  const patience = { stillMs: 250, withinMs: 10_000 };
  const waiting = untilStill(async () => [0], patience, time.startScheduler(), ending.signal);
  time.after(120_000, () => ending.abort(new Error('lost')));
  await assert.rejects(time.play(waiting), /^Error: lost$/);
  assert.deepEqual([time.nowUs, time.sleeping], [120_000, 0]);
});

test('counters stand still for longer than two round trips, and with packet loss longer than two retransmissions', () => {
  assert.equal(stillMsOf({ link: plainLink(40) }), 250);
  assert.equal(stillMsOf({ link: plainLink(400) }), 800);
  assert.equal(stillMsOf({ link: { ...plainLink(400), jitterMs: 100 } }), 1_000);
  assert.equal(stillMsOf({ link: { ...plainLink(600), lossShare: 0.001 } }), 2_400);
});
