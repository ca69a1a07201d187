import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratioFigures, ratioOf, ratioText, spreadFigures } from './ratio.ts';

test('a ratio is that of the rounds, each with its own', () => {
  // 2, 1 and 3.
  const { median, interval } = ratioOf([20, 10, 30], [10, 10, 10]);
  assert.equal(median, 2);
  assert.ok(interval![0] < 1 && interval![1] > 3);
});

test('one round has no interval', () => {
  const ratio = ratioOf([3], [4]);
  assert.equal(ratioText(ratio), '0.750 ×');
  assert.deepEqual(ratioFigures('a', ratio, 1), { aRatio: 0.75, aMost: 1 });
});

test('figures have the names that texts quote', () => {
  assert.deepEqual(ratioFigures('a', { median: 1, interval: [0.9, 1.2] }), { aRatio: 1, aLow: 0.9, aHigh: 1.2 });
  assert.deepEqual(spreadFigures('aUs', [3, 1, 2]), { aUs: 2, aUsLow: 1, aUsHigh: 3 });
  assert.equal(ratioText({ median: 1, interval: [0.9, 1.2] }), '1.000 × (0.900–1.200)');
});
