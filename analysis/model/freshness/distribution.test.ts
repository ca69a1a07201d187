import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { byShares, later, observed, spread, uniform } from './distribution.ts';

const shares = [0, 0.25, 0.5, 0.75, 1];

test('evenly between two times', () => {
  const { meanMs, quantileMs } = uniform(10, 30);
  assert.deepEqual([meanMs, ...shares.map(quantileMs)], [20, 10, 15, 20, 25, 30]);
});

test('later by a constant', () => {
  const { meanMs, quantileMs } = later(uniform(10, 30), 5);
  assert.deepEqual([meanMs, ...shares.map(quantileMs)], [25, 15, 20, 25, 30, 35]);
});

describe('by shares', () => {
  // A quarter is 0, the rest lies evenly up to 100.
  const { meanMs, quantileMs } = byShares(37.5, (ms) => 0.25 + (0.75 * ms) / 100, 100);

  test('has the mean that was given', () => assert.equal(meanMs, 37.5));
  for (const [share, ms] of [
    [0, 0],
    [0.25, 0],
    [0.4, 20],
    [0.85, 80],
    [1, 100],
  ] as const) {
    test(`a share of ${share} is at most ${ms}`, () => assert.ok(Math.abs(quantileMs(share) - ms) < 1e-9));
  }
});

describe('as observed', () => {
  const { meanMs, quantileMs } = observed([40, 10, 20, 30]);

  test('mean', () => assert.equal(meanMs, 25));
  for (const [share, ms] of [
    [0, 10],
    [0.25, 10],
    [0.26, 20],
    [0.5, 20],
    [0.75, 30],
    [0.76, 40],
    [1, 40],
  ] as const) {
    test(`a share of ${share} is at most ${ms}`, () => assert.equal(quantileMs(share), ms));
  }
  test('nothing was', () => {
    const none = observed([]);
    assert.deepEqual([none.meanMs, none.quantileMs(0.5)], [Number.NaN, Number.NaN]);
  });
});

describe('each later by a time of its own', () => {
  test('no width leaves all as it is', () => {
    const given = uniform(1, 2);
    assert.equal(spread(given, 0), given);
  });

  test('of a constant time the width alone remains', () => {
    const { meanMs, quantileMs } = spread(uniform(50, 50), 20);
    assert.equal(meanMs, 50);
    for (const share of shares) assert.ok(Math.abs(quantileMs(share) - (40 + share * 20)) < 0.4, String(share));
  });

  test('two even times make a triangle', () => {
    const { quantileMs } = spread(uniform(0, 20), 20);
    // From −10 to 30; an eighth lies in the lowest quarter of it.
    for (const [share, ms] of [
      [0.125, 0],
      [0.5, 10],
      [0.875, 20],
    ] as const) {
      assert.ok(Math.abs(quantileMs(share) - ms) < 0.5, `${share}: ${quantileMs(share)}`);
    }
  });
});
