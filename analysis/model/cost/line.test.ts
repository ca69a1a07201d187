import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Random, randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { expectedOnLine, fitLine } from './line.ts';

function assertClose(found: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);
}

describe('fitted by hand', () => {
  // Slope 5 · 2 / 2, through (2, 12).
  const line = fitLine([
    [1, 6],
    [2, 14],
    [3, 16],
  ]);

  test('least squares', () => {
    assertClose(line.perUnit, 5);
    assertClose(line.fixed, 2);
  });

  test('scatter: misses of −1, 2 and −1 by one degree of freedom', () => {
    assertClose(line.scatter, Math.sqrt(6));
    assert.deepEqual([line.degrees, line.largest, line.meanUnits, line.spreadUnits], [1, 3, 2, 2]);
  });

  test('in the middle a third of the variance remains, two units away more', () => {
    // t of 97.5% with one degree is 12.7062.
    const middle = expectedOnLine(line, 2);
    assertClose(middle.value, 12);
    assertClose(middle.high - 12, 12.7062 * Math.sqrt(6 / 3), 1e-3);
    const far = expectedOnLine(line, 40);
    assertClose(far.value, 202);
    assertClose(far.high - 202, 12.7062 * Math.sqrt(6 * (1 / 3 + 38 ** 2 / 2)), 1e-2);
    assert.equal(far.low, 0);
  });

  test('scatter of four observations has two degrees of freedom', () => {
    // The line is 3: misses of 1, −1, −1 and 1.
    const { scatter, degrees } = fitLine([
      [1, 4],
      [2, 2],
      [3, 2],
      [4, 4],
    ]);
    assert.equal(degrees, 2);
    assertClose(scatter, Math.sqrt(4 / 2));
  });

  test('never below 0', () => {
    const falling = fitLine([
      [1, 2],
      [2, 1],
    ]);
    assert.deepEqual(expectedOnLine(falling, 10), { value: 0, low: 0, high: 0 });
  });

  test('two observations have no scatter', () => {
    const { scatter, degrees } = fitLine([
      [1, 2],
      [2, 1],
    ]);
    assert.deepEqual([scatter, degrees], [0, 0]);
  });

  test('one number of units is refused', () => {
    const alike: [number, number][] = [
      [5, 2],
      [5, 3],
    ];
    assert.throws(() => fitLine(alike), new RangeError('a line needs two different numbers of units, not just 5'));
  });
});

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

test('the interval has the true line in 95% of seeded repeats', () => {
  const random = randomFrom(seedFrom('line'));
  const repeats = 400;
  let held = 0;
  for (let i = 0; i < repeats; i++) {
    const line = fitLine([100, 200, 200, 400, 1000].map((units) => [units, 500 + 3 * units + 40 * normal(random)]));
    const { low, high } = expectedOnLine(line, 700);
    if (low <= 2600 && 2600 <= high) held++;
  }
  assert.ok(held >= 0.9 * repeats && held <= 0.99 * repeats, `${held} of ${repeats}`);
});
