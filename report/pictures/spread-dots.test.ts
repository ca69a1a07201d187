import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spreadDots } from './spread-dots.ts';

/** Each mark as [y, height, lane, count], with a gap of 9 and four lanes. */
const told = (...ys: readonly number[]) =>
  spreadDots(ys, 9, 4).map(({ y, height, lane, count }) => [y, height, lane, count]);

test('dots that are far enough apart stand in line', () => {
  assert.deepEqual(told(), []);
  assert.deepEqual(told(10, 19, 40), [
    [10, 0, 0, 1],
    [19, 0, 0, 1],
    [40, 0, 0, 1],
  ]);
});

test('dots that would touch stand side by side, each as far in as there is room', () => {
  assert.deepEqual(told(10, 18.9, 19.1), [
    [10, 0, 0, 1],
    [18.9, 0, 1, 1],
    [19.1, 0, 0, 1],
  ]);
  assert.deepEqual(told(10, 10, 10, 10, 19), [
    [10, 0, 0, 1],
    [10, 0, 1, 1],
    [10, 0, 2, 1],
    [10, 0, 3, 1],
    [19, 0, 0, 1],
  ]);
});

test('where the lanes do not suffice, all that touch are one bar with their number', () => {
  assert.deepEqual(told(1, 10, 11, 12, 13, 14, 22, 31), [
    [1, 0, 0, 1],
    [10, 12, 0, 6],
    [31, 0, 0, 1],
  ]);
});

test('no mark covers another, none is lost, and every dot stands at its height', () => {
  // Tenths of a unit, since whole numbers are quick to shrink.
  const tenths = fc.integer({ min: 0, max: 4_360 });
  const heights = fc.array(
    tenths.map((tenth) => tenth / 10),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(heights, (some) => {
      const ys = [...some].sort((a, b) => a - b);
      const marks = spreadDots(ys, 9, 4);
      assert.equal(
        marks.reduce((sum, { count }) => sum + count, 0),
        ys.length,
      );
      for (const [index, one] of marks.entries()) {
        assert.ok(one.lane < 4 && (one.count > 1 || ys.includes(one.y)));
        for (const other of marks.slice(index + 1)) {
          // A bar needs all lanes for its number.
          const isBeside = one.lane !== other.lane && one.count === 1 && other.count === 1;
          assert.ok(isBeside || other.y - (one.y + one.height) >= 9 - 1e-9);
        }
      }
    }),
  );
});
