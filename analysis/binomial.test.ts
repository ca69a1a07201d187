import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binomialInterval } from './binomial.ts';

function near(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 5e-4, `${found}, not ${expected}`);
}

test('the ends are those at which what was seen becomes rarer than 2.5%', () => {
  // None of n: 1 − 0.025^(1/n). All of n: 0.025^(1/n).
  near(binomialInterval(0, 10).high, 1 - 0.025 ** (1 / 10));
  assert.equal(binomialInterval(0, 10).low, 0);
  near(binomialInterval(10, 10).low, 0.025 ** (1 / 10));
  assert.equal(binomialInterval(10, 10).high, 1);
  const { low, high } = binomialInterval(2, 40);
  near(
    tail(40, low, (k) => k >= 2),
    0.025,
  );
  near(
    tail(40, high, (k) => k <= 2),
    0.025,
  );
});

function tail(tries: number, share: number, counts: (hits: number) => boolean): number {
  let sum = 0;
  let ways = 1;
  for (let hits = 0; hits <= tries; hits++) {
    if (counts(hits)) sum += ways * share ** hits * (1 - share) ** (tries - hits);
    ways = (ways * (tries - hits)) / (hits + 1);
  }
  return sum;
}
