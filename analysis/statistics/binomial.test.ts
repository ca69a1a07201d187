import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { binomialInterval, isBelow } from './binomial.ts';

function near(found: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(found - expected) < tolerance, `${found}, not ${expected}`);
}

test('none and all of n have intervals in closed form', () => {
  // None of n: 1 − 0.025^(1/n). All of n: 0.025^(1/n).
  assert.equal(binomialInterval(0, 10).low, 0);
  near(binomialInterval(0, 10).high, 1 - 0.025 ** (1 / 10));
  near(binomialInterval(10, 10).low, 0.025 ** (1 / 10));
  assert.equal(binomialInterval(10, 10).high, 1);
  near(binomialInterval(1, 1).low, 0.025);
  near(binomialInterval(0, 1).high, 0.975);
});

test('one of two, by hand', () => {
  // P(at least 1) = 1 − (1 − x)² is 0.025 at the low end, P(2) = x² is 0.975 at the high one.
  const { low, high } = binomialInterval(1, 2);
  near(low, 1 - Math.sqrt(0.975));
  near(high, Math.sqrt(0.975));
});

test('at the ends, this many hits or more, or this many or fewer, have a probability of 2.5%', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), (tries, any) => {
      const hits = 1 + (any % (tries - 1));
      const { low, high } = binomialInterval(hits, tries);
      near(
        tail(tries, low, (k) => k >= hits),
        0.025,
      );
      near(
        tail(tries, high, (k) => k <= hits),
        0.025,
      );
      assert.ok(low < hits / tries && hits / tries < high);
    }),
    { numRuns: 50 },
  );
});

test('a share is shown to be below another where chance would have given more hits in 95% of cases', () => {
  assert.deepEqual(
    [298, 299].map((tries) => isBelow(0, tries, 0.01, 0.95)),
    [false, true],
  );
  for (const [hits, tries, share] of [
    [2, 500, 0.01],
    [4, 1000, 0.01],
    [5, 60, 0.2],
  ] as const) {
    const more = 1 - tail(tries, share, (k) => k <= hits);
    assert.equal(isBelow(hits, tries, share, more - 1e-9), true);
    assert.equal(isBelow(hits, tries, share, more + 1e-9), false);
  }
  assert.equal(isBelow(5, 5, 0.99, 0.95), false);
});

/** The binomial probability, by brute force, of all numbers of hits that `counts` accepts. */
function tail(tries: number, share: number, counts: (hits: number) => boolean): number {
  let sum = 0;
  let ways = 1;
  for (let hits = 0; hits <= tries; hits++) {
    if (counts(hits)) sum += ways * share ** hits * (1 - share) ** (tries - hits);
    ways = (ways * (tries - hits)) / (hits + 1);
  }
  return sum;
}
