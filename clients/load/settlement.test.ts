import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addToTimeline, emptyTimeline, timelinePieces } from '../subscriber/latency-timeline.ts';
import { timeToKnow } from '../subscriber/staleness.ts';

test('an update is known on receipt of it or of a newer one', () => {
  const received = { atUs: [30, 60], version: [5, 7] };
  // Version 6 came with 7; 8 never came and is omitted.
  assert.deepEqual(timeToKnow([10, 20, 40, 50], [5, 6, 7, 8], received), { sumUs: 20 + 40 + 20, updates: 3 });
  assert.deepEqual(timeToKnow([10], [1], { atUs: [], version: [] }), { sumUs: 0, updates: 0 });
});

test('an update replaced before is not waited for again', () => {
  assert.deepEqual(timeToKnow([10, 20], [1, 2], { atUs: [30, 40], version: [2, 1] }), { sumUs: 20 + 10, updates: 2 });
});

test('time to know agrees with looking up each update separately', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      gaps,
      fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 20 }))),
      (waits, got) => {
        const versions = waits.map((_, i) => i + 1);
        let nowUs = 0;
        const intendedUs = waits.map((wait) => (nowUs += wait));
        let atUs = nowUs;
        const received = { atUs: got.map(([wait]) => (atUs += wait)), version: got.map(([, version]) => version) };
        let sumUs = 0;
        let updates = 0;
        for (const [i, version] of versions.entries()) {
          const first = received.version.findIndex((newest) => newest >= version);
          if (first < 0) continue;
          sumUs += received.atUs[first]! - intendedUs[i]!;
          updates++;
        }
        assert.deepEqual(timeToKnow(intendedUs, versions, received), { sumUs, updates });
      },
    ),
  );
});

test('the timeline counts every delivery, and the range of each piece', () => {
  const timeline = emptyTimeline();
  const window = { startUs: 1_000, endUs: 1_000 + timelinePieces * 10 };
  for (const [intendedUs, latencyUs] of [
    [1_000, 7],
    [1_009, 3],
    [1_010, 5],
    [window.endUs, 9],
    [0, 1],
  ] as const) {
    addToTimeline(timeline, window, intendedUs, latencyUs);
  }
  assert.equal(timeline.count[0], 3);
  assert.equal(timeline.sumUs[0], 11);
  assert.equal(timeline.minUs[0], 1);
  assert.equal(timeline.maxUs[0], 7);
  assert.equal(timeline.count[1], 1);
  assert.equal(timeline.maxUs[timelinePieces - 1], 9);
});
