import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastLine } from './verify-line.ts';

const counts = (passed: number, failed: number, skipped: number) => JSON.stringify({ passed, failed, skipped });

test('the last line has the counts of the tests, whether they passed or not', () => {
  assert.equal(lastLine([counts(7, 0, 2)], 0), '7 passed, 0 failed, 2 skipped');
  assert.equal(lastLine([counts(7, 3, 0)], 1), '7 passed, 3 failed, 0 skipped');
});

test('several runs of tests are summed', () => {
  assert.equal(lastLine([counts(7, 0, 2), counts(5, 1, 0)], 1), '12 passed, 1 failed, 2 skipped');
});

test('a step that failed before the tests is a failure, and so is a run of tests that broke off', () => {
  assert.equal(lastLine([], 2), '0 passed, 1 failed, 0 skipped');
  assert.equal(lastLine([counts(7, 0, 0)], 1), '7 passed, 1 failed, 0 skipped');
});
