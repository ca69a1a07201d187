import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gap } from '../../machine/process/self-tick.ts';
import { everyChannel, publishers } from '../../protocol/contract-terms.ts';
import type { LateUpdates } from '../../protocol/late-updates.ts';
import { plainHistogram } from '../../testing/by-hand/plain-trial.ts';
import { acceptedRows, recorded } from '../../testing/by-hand/readings.ts';
import type { ProcessGaps } from '../readings/gaps.ts';
import { disturbancesOf, stallRecord } from './stall-record.ts';

/** Instants in milliseconds. */
const gap = (fromMs: number, toMs: number): Gap => ({ fromUs: fromMs * 1000, toUs: toMs * 1000 });

const updates = acceptedRows(
  { channel: 0, version: 1, intendedUs: 100 },
  { channel: 1, version: 1, intendedUs: 100 },
  { channel: 0, version: 2, intendedUs: 200 },
  { channel: 1, version: 2, intendedUs: 300 },
);

/** Rows of channel, intended instant and lateness. */
function late(...rows: readonly (readonly [channel: number, intendedUs: number, lateUs: number])[]): LateUpdates {
  return {
    channel: rows.map(([channel]) => channel),
    intendedUs: rows.map(([, intendedUs]) => intendedUs),
    lateUs: rows.map(([, , lateUs]) => lateUs),
  };
}

const fast = [recorded(400), recorded(500, 600)];
// The median is 20 ms, a tenth of it 2 ms.
const slow = [recorded(20_000), recorded(30_000, 10_000)];

test('an update is late from 1 ms on, or from a tenth of the median latency on where that is more', () => {
  const given = { gaps: [], late: [late([1, 100, 1_500]), late([0, 200, 1_001], [0, 999, 5_000], [1, 300, 2_100])] };
  const ofFast = disturbancesOf(given, updates, fast);
  assert.deepEqual([...ofFast.leftLate], [0, 1, 1, 1]);
  assert.equal(ofFast.lateUs, 1_000);
  const ofSlow = disturbancesOf(given, updates, slow);
  assert.deepEqual([...ofSlow.leftLate], [0, 0, 0, 1]);
  // Three digits of a histogram.
  assert.ok(Math.abs(ofSlow.lateUs - 2_000) <= 2, `${ofSlow.lateUs}`);
});

test('exactly as late as the limit is in time', () => {
  const { leftLate } = disturbancesOf({ gaps: [], late: [late([0, 100, 1_000])] }, updates, fast);
  assert.deepEqual([...leftLate], [0, 0, 0, 0]);
});

test('a broadcast that left late did so in every channel', () => {
  const given = { gaps: [], late: [late([everyChannel, 100, 1_500])] };
  const mixed = acceptedRows(
    { channel: 0, version: 1, intendedUs: 100, publisher: publishers.broadcast },
    { channel: 1, version: 1, intendedUs: 100, publisher: publishers.broadcast },
    { channel: 1, version: 2, intendedUs: 100 },
    { channel: 0, version: 2, intendedUs: 200, publisher: publishers.broadcast },
  );
  assert.deepEqual([...disturbancesOf(given, mixed, fast).leftLate], [1, 1, 0, 0]);
});

test('the gaps of the processes that deliveries pass count as one list', () => {
  const gaps = [
    { name: 'load-1', gaps: [gap(10, 20), gap(50, 60)], isPassed: true },
    { name: 'relay-1', gaps: [gap(15, 30)], isPassed: true },
    { name: 'source', gaps: [gap(70, 90)], isPassed: false },
  ];
  assert.deepEqual(disturbancesOf({ gaps, late: [] }, updates, fast).gaps, [gap(10, 30), gap(50, 60)]);
});

const window = { startUs: 1_000_000, endUs: 1_500_000 };

function recordOf(given: readonly Omit<ProcessGaps, 'isPassed'>[], undisturbed = fast) {
  const gaps = given.map((each) => ({ ...each, isPassed: each.name !== 'source' }));
  const disturbances = disturbancesOf({ gaps, late: [late([0, 200, 1_500])] }, updates, fast);
  return stallRecord(gaps, disturbances, undisturbed, { window, delivery: plainHistogram({ count: 3 }) });
}

test('the record says from when on something was late', () => {
  const { lateMs } = stallRecord([], { gaps: [], leftLate: Uint8Array.of(), lateUs: 2_500 }, fast, {
    window,
    delivery: plainHistogram({ count: 3 }),
  });
  assert.equal(lateMs, 2.5);
});

test('a gap that ends when the window begins is not in it', () => {
  assert.deepEqual(recordOf([{ name: 'source', gaps: [gap(900, 1_000)] }]).gaps, []);
});

test('gaps are told by process, from the start of the window; before it they are left out', () => {
  const { undisturbed, ...record } = recordOf([
    { name: 'load-1', gaps: [gap(900, 990), gap(990, 1_010), gap(1_100, 1_200)] },
    { name: 'relay-1', gaps: [gap(1_150, 1_250), gap(1_490, 1_520), gap(1_600, 1_700)] },
    { name: 'source', gaps: [gap(800, 900)] },
  ]);
  assert.deepEqual(record, {
    // 10 ms of the first, 150 ms of two that overlap, 10 ms of the one at the end.
    gapMs: 170,
    gaps: [
      {
        process: 'load-1',
        count: 2,
        totalMs: 120,
        longest: [
          { fromMs: -10, toMs: 10 },
          { fromMs: 100, toMs: 200 },
        ],
      },
      {
        process: 'relay-1',
        count: 3,
        totalMs: 230,
        longest: [
          { fromMs: 150, toMs: 250 },
          { fromMs: 490, toMs: 520 },
          { fromMs: 600, toMs: 700 },
        ],
      },
    ],
    lateMs: 1,
    lateUpdates: 1,
  });
  assert.equal(undisturbed, undefined);
});

test('of many gaps the 20 longest are kept, in order; the sums are of all', () => {
  const gaps = Array.from({ length: 30 }, (_, i) => gap(1_000 + i * 10, 1_000 + i * 10 + (i % 2 === 0 ? 6 : 8)));
  const [{ count, totalMs, longest }] = recordOf([{ name: 'source', gaps }]).gaps as [never];
  assert.deepEqual([count, totalMs], [30, 15 * 6 + 15 * 8]);
  assert.deepEqual(
    (longest as readonly { readonly fromMs: number }[]).map(({ fromMs }) => fromMs),
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 110, 130, 150, 170, 190, 210, 230, 250, 270, 290],
  );
});

test('latencies of undisturbed deliveries are kept if there are fewer of them', () => {
  const { undisturbed } = recordOf([], [recorded(400), recorded(600)]);
  assert.deepEqual([undisturbed!.count, undisturbed!.meanMs, undisturbed!.maxMs], [2, 0.5, 0.6]);
  assert.equal(recordOf([], [recorded()]).undisturbed!.count, 0);
});
