import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { farthest, leastForOutlier } from './outlier.ts';

test('the value farthest from the others is found, with its factor', () => {
  const far = farthest([100, 101, 99, 100.5, 200])!;
  assert.equal(far.index, 4);
  assert.ok(Math.abs(far.factor - 2) < 0.01);
  assert.ok(far.pValue < 0.001, `${far.pValue}`);
  assert.ok(farthest([100, 101, 99, 100.5, 101.5])!.pValue > 0.2);
});

function near(found: number, expected: number): void {
  assert.ok(Math.abs(found / expected - 1) < 1e-9, `${found}, not ${expected}`);
}

test('four values by hand', () => {
  // Logs 0, 1, 2, 5. The others of 5 have mean 1 and deviation 1, so t = 4 / √(1 + 1/3) = √12 at two degrees of freedom,
  // of which P(|T| ≥ t) = 1 − t / √(t² + 2); four values might have been the farthest.
  const exp = (logs: readonly number[]) => logs.map(Math.exp);
  const above = farthest(exp([0, 1, 2, 5]))!;
  assert.equal(above.index, 3);
  near(above.factor, Math.exp(4));
  near(above.pValue, 4 * (1 - Math.sqrt(12 / 14)));
  const below = farthest(exp([5, 0, 4, 3]))!;
  assert.equal(below.index, 1);
  near(below.factor, Math.exp(-4));
  near(below.pValue, above.pValue);
});

test('a p-value is at most 1, and of two equally far values the first is named', () => {
  const far = farthest([1, 1, 1, 8, 8, 8])!;
  assert.deepEqual([far.index, far.pValue], [0, 1]);
});

test('four values are the fewest', () => {
  assert.equal(leastForOutlier, 4);
});

test('equal values have no outlier, and a value that differs from equal ones is one', () => {
  assert.equal(farthest([5, 5, 5, 5])!.pValue, 1);
  assert.equal(farthest([5, 5, 5, 6])!.pValue, 0);
});

test('three values, or one without a logarithm, are not judged', () => {
  assert.equal(farthest([1, 1, 9]), undefined);
  assert.equal(farthest([1, 1, 0, 1]), undefined);
});

test('of values from one normal distribution at most 5% of samples have an outlier', () => {
  const generator = xoroshiro128plus(7);
  // Box and Muller's method.
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) * Math.cos(2 * Math.PI * uniformFloat64(generator));
  for (const count of [4, 5, 10]) {
    const draws = 4_000;
    let called = 0;
    for (let draw = 0; draw < draws; draw++) {
      const values = Array.from({ length: count }, () => Math.exp(0.1 * normal()));
      if (farthest(values)!.pValue <= 0.05) called++;
    }
    // Bonferroni's bound is nearly exact for the farthest of few values.
    assert.ok(called / draws > 0.035 && called / draws < 0.06, `${count}: ${called / draws}`);
  }
});
