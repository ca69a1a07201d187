import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { holm, pairedRatio, significance, twoSidedP, unpairedRatio } from './statistics.ts';

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

/** Box and Muller. */
function normalFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) * Math.cos(2 * Math.PI * uniformFloat64(generator));
}

for (const repeats of [3, 5, 10]) {
  test(`the 95% interval covers the truth in 93 to 97% of 10,000 draws of ${repeats} repeats`, () => {
    const normal = normalFrom(repeats);
    const truth = 0.8;
    let covered = 0;
    let rejected = 0;
    for (let draw = 0; draw < 10_000; draw++) {
      const ratios = Array.from({ length: repeats }, () => truth * Math.exp(0.1 * normal()));
      const { low, high } = pairedRatio(ratios)!;
      if (low <= truth && truth <= high) covered++;
      if (pairedRatio(ratios.map((ratio) => ratio / truth))!.pValue <= 0.05) rejected++;
    }
    assert.ok(covered >= 9_300 && covered <= 9_700, `${covered} of 10,000`);
    assert.ok(rejected >= 300 && rejected <= 700, `${rejected} of 10,000 rejected though the ratio was 1`);
  });
}

test('a hand-computed interval and p-value', () => {
  // Logs 1, 2, 3: mean 2, standard error 1/√3, t(0.975, 2) = 4.302653, t = 2√3, p = 1 − t/√(t² + 2).
  const { ratio, low, high, pValue } = pairedRatio([Math.E, Math.E ** 2, Math.E ** 3])!;
  close(Math.log(ratio), 2);
  close(Math.log(high), 2 + 4.302653 / Math.sqrt(3), 1e-6);
  close(Math.log(low), 2 - 4.302653 / Math.sqrt(3), 1e-6);
  close(pValue, 1 - Math.sqrt(12 / 14), 1e-9);
});

test('the interval excludes 1 exactly when the p-value is below 0.05', () => {
  const ratio = fc.double({ min: 0.5, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.array(ratio, { minLength: 2, maxLength: 12 }), fc.constantFrom(0, 0.001, 0.1), (ratios, blur) => {
      const { low, high, pValue } = pairedRatio(ratios, blur)!;
      // Exactly at the border both are right.
      if (Math.abs(pValue - 0.05) > 1e-6) assert.equal(low > 1 || high < 1, pValue < 0.05);
    }),
  );
});

test('swapping the sides inverts the ratio', () => {
  const one = pairedRatio([2, 3, 5])!;
  const other = pairedRatio([1 / 2, 1 / 3, 1 / 5])!;
  close(one.ratio * other.ratio, 1);
  close(one.low * other.high, 1);
  close(one.pValue, other.pValue);
});

test('one repeat gives no interval, nor do values without a logarithm', () => {
  assert.equal(pairedRatio([]), undefined);
  assert.equal(pairedRatio([2]), undefined);
  assert.equal(pairedRatio([2, 0, 3]), undefined);
  assert.equal(pairedRatio([2, Number.POSITIVE_INFINITY]), undefined);
});

test('equal readings prove no difference below their resolution', () => {
  assert.equal(pairedRatio([1, 1, 1])!.pValue, 1);
  assert.equal(pairedRatio([1.0008, 1.0008, 1.0008], 0.001)!.pValue, 1);
  const coarse = pairedRatio([1.01, 1.01, 1.01], 0.001)!;
  assert.equal(coarse.pValue, 0);
  assert.ok(coarse.low < 1.0095 && coarse.high > 1.0105);
});

test("Holm's example: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02", () => {
  const expected = [0.03, 0.06, 0.06, 0.02];
  for (const [index, value] of holm([0.01, 0.04, 0.03, 0.005]).entries()) close(value, expected[index]!, 1e-12);
  assert.deepEqual(holm([]), []);
  assert.deepEqual(holm([0.2]), [0.2]);
  assert.deepEqual(holm([0.6, 0.7]), [1, 1]);
});

for (const [repeatsA, repeatsB, scatterB] of [
  [3, 3, 0.1],
  [5, 5, 0.1],
  [10, 10, 0.2],
  [5, 10, 0.05],
] as const) {
  test(`unpaired, the interval covers the truth in 93 to 97% of 10,000 draws of ${repeatsA} and ${repeatsB}`, () => {
    const normal = normalFrom(repeatsA * repeatsB);
    const truth = 1.3;
    const draw = (count: number, scatter: number) => Array.from({ length: count }, () => Math.exp(scatter * normal()));
    let covered = 0;
    for (let n = 0; n < 10_000; n++) {
      const a = draw(repeatsA, 0.1);
      const { low, high } = unpairedRatio(
        a,
        draw(repeatsB, scatterB).map((value) => value * truth),
      )!;
      if (low <= truth && truth <= high) covered++;
    }
    assert.ok(covered >= 9_300 && covered <= 9_700, `${covered} of 10,000`);
  });
}

test("Welch's interval by hand", () => {
  // Logs 1, 2, 3 and 2, 4, 6: means 2 and 4, s²/n = 1/3 and 4/3, error √(5/3),
  // degrees (5/3)² / ((1/9)/2 + (16/9)/2) = (25/9) / (17/18) = 50/17 = 2.941; SciPy 1: t.ppf(0.975, 50/17) = 3.2187586.
  const exp = (logs: readonly number[]) => logs.map(Math.exp);
  const { ratio, low, high, pValue } = unpairedRatio(exp([1, 2, 3]), exp([2, 4, 6]))!;
  close(Math.log(ratio), 2);
  const t = (Math.log(high) - 2) / Math.sqrt(5 / 3);
  close(t, (2 - Math.log(low)) / Math.sqrt(5 / 3));
  close(t, 3.2187586, 1e-6);
  // 2 × t.sf(2 / √(5/3), 50/17).
  close(pValue, 0.22088084, 1e-6);
});

test('unpaired equal readings are equal for any number of them, and swapping inverts the ratio', () => {
  const same = unpairedRatio([5, 5, 5], [5, 5, 5, 5])!;
  assert.equal(same.pValue, 1);
  assert.ok(same.low < 1 && same.high > 1);
  assert.ok(unpairedRatio([5, 5, 5], [6, 6, 6])!.pValue < 1e-9);
  const [sure, paired] = [unpairedRatio([5, 5], [6, 6, 6])!, pairedRatio([1.2, 1.2])!];
  for (const { low, high } of [sure, paired]) assert.ok(low > 1.1999 && high < 1.2001);
  assert.equal(unpairedRatio([5, 5, 5], [5.004, 5.004, 5.004], 0.001)!.pValue, 1);
  const [one, other] = [unpairedRatio([1, 2, 3], [2, 3, 9])!, unpairedRatio([2, 3, 9], [1, 2, 3])!];
  close(one.ratio * other.ratio, 1);
  close(one.low * other.high, 1);
  close(one.pValue, other.pValue);
});

test('too few unpaired readings and values without a logarithm give no interval', () => {
  assert.equal(unpairedRatio([1], [1, 2]), undefined);
  assert.equal(unpairedRatio([1, 2], [0, 2]), undefined);
  assert.equal(unpairedRatio([1, 2], []), undefined);
});

test('the chance of t by hand: degrees 1 and 2 have a closed form', () => {
  for (const t of [0.1, 1, 2, 12.7]) {
    close(twoSidedP(t, 1, 1), 1 - (2 / Math.PI) * Math.atan(t));
    close(twoSidedP(3 * t, 3, 2), 1 - t / Math.sqrt(t * t + 2));
  }
  assert.equal(twoSidedP(0, 0, 2), 1);
  assert.equal(twoSidedP(1, 0, 2), 0);
});

test('a resolution widens the interval on both sides, and reduces the difference', () => {
  const sharp = pairedRatio([Math.E, Math.E ** 2, Math.E ** 3])!;
  const blurred = pairedRatio([Math.E, Math.E ** 2, Math.E ** 3], 0.25)!;
  close(blurred.high / sharp.high, 1.25);
  close(sharp.low / blurred.low, 1.25);
  close(blurred.ratio, sharp.ratio);
  close(blurred.pValue, twoSidedP(2 - Math.log(1.25), 1 / Math.sqrt(3), 2));
  const exp = (logs: readonly number[]) => logs.map(Math.exp);
  const [plain, unpaired] = [0, 0.25].map((blur) => unpairedRatio(exp([1, 2, 3]), exp([2, 4, 6]), blur)!);
  close(unpaired!.high / plain!.high, 1.25, 1e-6);
  close(unpaired!.pValue, twoSidedP(2 - Math.log(1.25), Math.sqrt(5 / 3), 50 / 17), 1e-6);
});

test('two ratios, and two readings of each side, are enough', () => {
  // Logs 0 and 2: mean 1, error 1, one degree of freedom.
  close(pairedRatio([1, Math.E ** 2])!.pValue, 0.5);
  // Logs 0, 2 and 1, 5: means 1 and 3, errors² 1 and 4, degrees 25 / 17.
  close(unpairedRatio([1, Math.E ** 2], [Math.E, Math.E ** 5])!.pValue, twoSidedP(2, Math.sqrt(5), 25 / 17), 1e-8);
});

test('families are held at 5%', () => {
  assert.equal(significance, 0.05);
});
