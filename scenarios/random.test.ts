import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomFrom } from './random.ts';
import { seedFrom } from './seed.ts';

const draws = 20_000;

test('the same seed gives the same stream; another seed gives another', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const take = (from: number) => Array.from({ length: 20 }, randomFrom(from).float);
      assert.deepEqual(take(seed), take(seed));
      assert.notDeepEqual(take(seed), take(seed ^ 1));
    }),
  );
});

test('seed parts that differ in value, type, order or grouping give different seeds', () => {
  const seeds = [['a', 1], ['a', '1'], [1, 'a'], ['a1'], ['a', 1, 0], ['a,1']].map((parts) => seedFrom(...parts));
  assert.equal(new Set(seeds).size, seeds.length);
  for (const seed of seeds) assert.equal(seed, seed | 0);
});

test('floats fill [0, 1) evenly', () => {
  const random = randomFrom(seedFrom('floats'));
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < draws; i++) tenths[Math.floor(random.float() * 10)]!++;
  // Each count is binomial with a standard deviation of 42.
  for (const count of tenths) assert.ok(Math.abs(count - draws / 10) < 5 * 42, String(tenths));
});

test('exponential values are positive and have the requested mean', () => {
  const random = randomFrom(seedFrom('exponential'));
  const values = Array.from({ length: draws }, () => random.exponential(8));
  assert.ok(values.every((value) => value >= 0 && Number.isFinite(value)));
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  assert.ok(Math.abs(mean - 8) < 5 * (8 / Math.sqrt(draws)), String(mean));
});

test('whole numbers, picks and bytes stay in range', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(100), (seed, maxExclusive, count) => {
      const random = randomFrom(seed);
      const value = random.integer(maxExclusive);
      assert.ok(Number.isInteger(value) && value >= 0 && value < maxExclusive);
      assert.equal(random.integer(1), 0);
      assert.equal(random.pick(['only']), 'only');
      assert.equal(random.bytes(count).length, count);
    }),
  );
});
