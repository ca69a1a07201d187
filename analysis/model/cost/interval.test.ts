import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scaled, within } from './interval.ts';

describe('give or take', () => {
  test('a share', () => assert.deepEqual(within(200, 0.05), { value: 200, low: 190, high: 210 }));
  test('at least an amount', () => assert.deepEqual(within(4, 0.05, 0.5), { value: 4, low: 3.5, high: 4.5 }));
  test('a share, where it is more', () => assert.deepEqual(within(40, 0.05, 0.5), { value: 40, low: 38, high: 42 }));
  test('never below 0', () => assert.deepEqual(within(0.2, 0.05, 0.5), { value: 0.2, low: 0, high: 0.7 }));
});

test('scaled as a whole', () => {
  assert.deepEqual(scaled({ value: 2, low: 1, high: 4 }, 3), { value: 6, low: 3, high: 12 });
});
