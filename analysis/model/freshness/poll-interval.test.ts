import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { longestIntervalMs } from './poll-interval.ts';

describe('the longest interval that a tolerance allows', () => {
  const cases: readonly (readonly [string, toleranceMs: number, rttMs: number, expected: number | undefined])[] = [
    // A way of half a round trip is left out of the tolerance, then it is rounded down to two digits.
    ['2 s over 40 ms: 1.98 s', 2000, 40, 1900],
    ['just enough for 2 s', 2020, 40, 2000],
    ['a millisecond less', 2019, 40, 1900],
    ['1.2 s', 1220, 40, 1200],
    ['9.9 s', 9999, 0, 9900],
    ['10 s', 10_000, 0, 10_000],
    ['at most ten minutes', 3_600_000, 0, 600_000],
    ['at least 10 ms', 10, 0, 10],
    ['less than 10 ms is none', 9, 0, undefined],
    ['not even the way', 20, 60, undefined],
    // Of 167 ms of room 160 would be kept as 320, since the answer takes 164.
    ['as the answer comes, where a round interval is too short for it', 249, 164, 167],
    // A poll each 100 ms that takes 120 leaves each 200.
    ['none, where polls without a pause are too slow', 165, 120, undefined],
  ];
  for (const [name, toleranceMs, rttMs, expected] of cases) {
    test(name, () => {
      assert.equal(longestIntervalMs(toleranceMs, { roundTripMs: rttMs, oneWayMs: rttMs / 2 }), expected);
    });
  }

  test('two digits', () => {
    const chosen = [100, 119, 149, 199, 249, 299, 399, 499, 599, 799, 999].map((toleranceMs) =>
      longestIntervalMs(toleranceMs, { roundTripMs: 0, oneWayMs: 0 }),
    );
    assert.deepEqual(chosen, [100, 110, 140, 190, 240, 290, 390, 490, 590, 790, 990]);
  });

  test('whole milliseconds as the answer comes', () => {
    assert.equal(longestIntervalMs(249.5, { roundTripMs: 164, oneWayMs: 82 }), 167);
  });

  test('handling is part of the way', () => {
    assert.equal(longestIntervalMs(1020, { roundTripMs: 40, oneWayMs: 20 }), 1000);
    assert.equal(longestIntervalMs(1020, { roundTripMs: 40, oneWayMs: 21 }), 990);
  });
});
