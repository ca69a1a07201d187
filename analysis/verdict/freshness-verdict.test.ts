import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPlan } from '../../testing/by-hand/plain-run.ts';
import type { CostMeasure } from './cost-measure.ts';
import type { PollingPoint } from './freshness-cost.ts';
import { costSentence } from './freshness-verdict.ts';

/** 60 kB at 50 ms of staleness, 6 kB at 500 ms. */
const polling = pollingAt(100, 1_000);

function pollingAt(...intervals: readonly number[]): readonly PollingPoint[] {
  return intervals.map((pollIntervalMs) => {
    const bytes = 6_000_000 / pollIntervalMs;
    return { pollIntervalMs, stalenessMs: pollIntervalMs / 2, bytes, cpu: bytes, repeats: [] };
  });
}

function said(stalenessMs: number, amount: number, measure: CostMeasure = 'bytes', polls = polling): string {
  const cost = { planned: plainPlan, polling: polls, others: [], isCold: false };
  return costSentence(cost, { transport: 'websocket', stalenessMs, bytes: amount, cpu: amount, repeats: [] }, measure);
}

test('cheaper than any poll: fresher too, or not', () => {
  assert.equal(
    said(20, 10),
    'WebSocket keeps clients 20 ms behind: fresher and cheaper than polling at every interval measured, up to 1.0 s.',
  );
  assert.equal(
    said(50, 10),
    'WebSocket keeps clients 50 ms behind: cheaper than polling at every interval measured, up to 1.0 s.',
  );
});

test('dearer than any poll', () => {
  assert.equal(
    said(20, 1e6),
    'WebSocket keeps clients 20 ms behind and takes more bytes at the sockets than polling at any interval measured, from 100 ms on.',
  );
  assert.match(said(20, 1e6, 'cpu'), /takes more server CPU than polling/);
});

test('the shortest and the longest of several intervals, with two digits', () => {
  const three = pollingAt(105, 1_000, 9_930);
  assert.match(said(20, 10, 'bytes', three), /at every interval measured, up to 9\.9 s\.$/);
  assert.match(said(20, 1e6, 'bytes', three), /at any interval measured, from 110 ms on\.$/);
});

test('between: from where on polling is cheaper, and how far behind it is then', () => {
  const even = Math.sqrt(60_000 * 6_000);
  assert.equal(
    said(20, even),
    'WebSocket keeps clients 20 ms behind: fresher than polling at any interval, and cheaper while polls are less than 320 ms apart. If being 160 ms behind on average is acceptable, polling takes fewer bytes at the sockets.',
  );
  assert.equal(
    said(60, even, 'cpu'),
    'WebSocket keeps clients 60 ms behind: cheaper while polls are less than 320 ms apart. If being 160 ms behind on average is acceptable, polling takes less server CPU.',
  );
});
