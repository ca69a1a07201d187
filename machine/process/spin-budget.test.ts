import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpinBudget } from './spin-budget.ts';

test('full at first, filled at 5% of the time, and never beyond ten spins', () => {
  const budget = createSpinBudget();
  assert.equal(budget.leftUs(1_000_000), 3_000);
  budget.spend(2_000, 1_000_000);
  assert.equal(budget.leftUs(1_000_000), 1_000);
  assert.equal(budget.leftUs(1_004_000), 1_200);
  assert.equal(budget.leftUs(1_039_999), 2_999.95);
  assert.equal(budget.leftUs(1_040_000), 3_000);
  assert.equal(budget.leftUs(9_000_000), 3_000);
  budget.spend(500, 1_020_000);
  assert.equal(budget.leftUs(1_020_000), 1_500);
});

test('what was spent beyond it has to be gained first', () => {
  const budget = createSpinBudget();
  budget.spend(3_100, 1_000_000);
  assert.equal(budget.leftUs(1_000_000), -100);
  assert.equal(budget.leftUs(1_002_000), 0);
  assert.equal(budget.leftUs(1_004_000), 100);
});
