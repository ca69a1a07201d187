import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOrdered, leavesOneOut, type Outcome, outcomeOf, turnedOutcome } from './outcome.ts';

function estimate(ratio: number, low: number, high: number) {
  return { ratio, low, high, pValue: 0.01 };
}

test('the outcome of a ratio by its interval, its adjusted p-value, and the smallest difference that counts: 10%', () => {
  const table: readonly (readonly [ratio: number, low: number, high: number, adjustedP: number, Outcome])[] = [
    [0.5, 0.4, 0.6, 0.05, 'lower'],
    [2, 1.7, 2.4, 0.05, 'higher'],
    // Significant alone, and not among the others.
    [0.3, 0.16, 0.58, 0.051, 'unresolved'],
    [2, 1.01, 4, 0.06, 'unresolved'],
    [1.2, 1, 1.5, 0.06, 'cannot-tell'],
    [0.8, 0.6, 1, 0.06, 'cannot-tell'],
    [1.01, 0.8, 1.3, 1, 'cannot-tell'],
    // Within 1/1.1 to 1.1, whether the difference is certain or not.
    [1.05, 1.01, 1.1, 0.001, 'equal'],
    [0.95, 1 / 1.1, 0.99, 0.2, 'equal'],
    [1, 0.95, 1.05, 1, 'equal'],
    [1.05, 1.01, 1.101, 0.001, 'higher'],
    [0.95, 0.909, 0.99, 0.001, 'lower'],
  ];
  for (const [ratio, low, high, adjustedP, outcome] of table)
    assert.equal(
      outcomeOf({ estimate: estimate(ratio, low, high) }, adjustedP, 0.1),
      outcome,
      `${ratio} ${low} ${high}`,
    );
});

test('without an adjusted p-value or an estimate nothing is judged', () => {
  assert.equal(outcomeOf({ estimate: estimate(1, 1, 1) }, undefined, 0.1), 'too-few');
  assert.equal(outcomeOf({ estimate: undefined }, 0.01, 0.1), 'too-few');
});

test('the other way round only lower and higher change', () => {
  const all: readonly Outcome[] = ['lower', 'higher', 'equal', 'unresolved', 'cannot-tell', 'too-few'];
  assert.deepEqual(all.map(turnedOutcome), ['higher', 'lower', 'equal', 'unresolved', 'cannot-tell', 'too-few']);
  assert.deepEqual(
    all.filter((outcome) => isOrdered({ outcome })),
    ['lower', 'higher'],
  );
});

test('an interval that ends at 1 does not leave it out', () => {
  assert.deepEqual(
    [estimate(1.1, 1, 1.2), estimate(1.1, 1.001, 1.2), estimate(0.9, 0.8, 1), estimate(0.9, 0.8, 0.999)].map(
      leavesOneOut,
    ),
    [false, true, false, true],
  );
});
