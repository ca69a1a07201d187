import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { incompleteBeta } from './incomplete-beta.ts';

function near(found: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${found}, not ${expected}`);
}

/** x, a, b and I_x(a, b), worked out with mpmath 1.3.0 at 250 digits from the series DLMF 8.17.8; x is the double. */
const values: readonly (readonly [x: number, a: number, b: number, share: number])[] = [
  [1e-10, 0.5, 0.5, 6.366197723781917e-6],
  [0.45, 0.5, 0.5, 0.4681157195707401],
  [0.5005, 0.5, 0.5, 0.5003183099392354],
  [0.999, 0.5, 0.5, 0.9798649583666225],
  [0.045454545454545456, 0.5, 5, 0.49414817140919853],
  [0.09090909090909091, 0.5, 5, 0.6591068676979401],
  [0.9, 0.5, 5, 0.9999974294103008],
  [0.001, 1, 3, 0.002997001],
  [0.24975, 1, 3, 0.577702984359375],
  [0.5, 1, 3, 0.875],
  [1e-10, 2, 39, 7.79999998024e-18],
  [0.04390243902439025, 2, 39, 0.5291233746900312],
  [0.04882926829268292, 2, 39, 0.5877806959331385],
  [0.999, 2, 39, 1],
  [0.036585365853658534, 3, 38, 0.17948800966682804],
  [0.07317073170731707, 3, 38, 0.5683151670410502],
  [0.9, 3, 38, 1],
  [0.001, 5, 0.5, 2.4619635502857136e-16],
  [0.9081818181818182, 5, 0.5, 0.3383705000154587],
  [0.5, 5, 0.5, 0.010119559735433714],
  [1e-10, 11, 1, 1.0000000000000003e-110],
  [0.825, 11, 1, 0.12050177219802567],
  [0.9175833333333332, 11, 1, 0.3882403613208357],
  [0.999, 11, 1, 0.9890548353295384],
  [0.045454545454545456, 1, 10, 0.37199060745813584],
  [0.09090909090909091, 1, 10, 0.6144567105704682],
  [0.9, 1, 10, 0.9999999999],
  [0.49504950495049505, 50, 0.5, 5.992126469732471e-17],
  [0.9900990099009901, 50, 0.5, 0.31972415578412317],
  [0.9, 50, 0.5, 0.001204149832559813],
  [0.8991008991008992, 500, 0.5, 6.314278502525652e-25],
  [0.999999999, 500, 0.5, 0.9992023150293339],
  [0.999, 500, 0.5, 0.31731044730971714],
  [0.9989990010009989, 500_000, 0.5, 8.47728219372274e-220],
  [0.999999000001, 500_000, 0.5, 0.31731074982150925],
  [0.999999999, 500_000, 0.5, 0.9747728860249499],
  [0.999, 500_000, 0.5, 1.3983637688333289e-219],
  [1e-10, 0.5, 500_000, 0.00797871063485125],
  [0.001, 0.5, 500_000, 1],
  [4.999995000005e-7, 0.5, 500_000, 0.5204996031936044],
  [8.999991000009001e-7, 0.5, 500_000, 0.6572180354629558],
  [9.98999001000999e-7, 0.5, 500_000, 0.6824471582750877],
  [9.99999000001e-7, 0.5, 500_000, 0.6826892501664219],
  [1.0009989990010009e-6, 0.5, 500_000, 0.6829311000870819],
  [0.5, 0.5, 500_000, 1],
];

test('it is what was worked out with 250 digits', () => {
  // A tenth of what is promised: a wrong last term of Stirling's series shows at 4e-13.
  for (const [x, a, b, share] of values) near(incompleteBeta(x, a, b), share, 1e-13);
});

test('closed forms: powers, the arcsine law, a polynomial', () => {
  for (const x of [1e-9, 0.2, 0.5, 0.75, 0.999]) {
    near(incompleteBeta(x, 7, 1), x ** 7);
    near(incompleteBeta(x, 1, 7), -Math.expm1(7 * Math.log1p(-x)));
    near(incompleteBeta(x, 0.5, 0.5), (2 / Math.PI) * Math.asin(Math.sqrt(x)));
    near(incompleteBeta(x, 2, 3), x * x * (6 - 8 * x + 3 * x * x));
  }
});

const parameter = fc.double({ min: -1, max: 4, noNaN: true }).map((power) => 10 ** power);
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('the two sides add up to 1, and it rises with x', () => {
  fc.assert(
    fc.property(share, share, parameter, parameter, (x, y, a, b) => {
      const below = incompleteBeta(x, a, b);
      assert.ok(Math.abs(below + incompleteBeta(1 - x, b, a, x) - 1) <= 1e-12);
      assert.ok(below >= 0 && below <= 1);
      if (x < y) assert.ok(incompleteBeta(y, a, b) >= below - 1e-12);
    }),
  );
});

test('raising a parameter follows the recurrence DLMF 8.17.20', () => {
  // I_x(a, b) = I_x(a + 1, b) + x^a (1 − x)^b / (a B(a, b)); with b = 2: 1 / (a B(a, 2)) = a + 1.
  for (const [x, a] of [
    [0.3, 2.5],
    [0.9, 40],
    [0.01, 0.7],
  ] as const) {
    near(incompleteBeta(x, a, 2), incompleteBeta(x, a + 1, 2) + (a + 1) * x ** a * (1 - x) ** 2);
  }
});

test('the complement is used where x has lost its digits', () => {
  // I_x(1, b) at x = 1 − 1e-20 leaves 1e-10 to the power of two above it: nothing that a double next to 1 could say.
  near(incompleteBeta(1e-20, 0.5, 1, 1), 1e-10);
  near(1 - incompleteBeta(1, 1, 0.5, 1e-20), 1e-10, 1e-5);
});

test('the ends are 0 and 1, and arguments outside are refused', () => {
  assert.equal(incompleteBeta(0, 2, 3), 0);
  assert.equal(incompleteBeta(1, 2, 3), 1);
  for (const [x, a, b] of [
    [-0.1, 1, 1],
    [1.1, 1, 1],
    [Number.NaN, 1, 1],
    [0.5, 0, 1],
    [0.5, 1, 0],
    [0.5, 1, -1],
  ] as const) {
    assert.throws(() => incompleteBeta(x, a, b), /^RangeError: I_x\(a, b\) of x /);
  }
});
