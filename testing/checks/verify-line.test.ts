import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastLine } from './verify-line.ts';

test('the last line has the counts of the tests, whether they passed or not', () => {
  assert.equal(lastLine('{"passed":7,"failed":0,"skipped":2}', 0), '7 passed, 0 failed, 2 skipped');
  assert.equal(lastLine('{"passed":7,"failed":3,"skipped":0}', 1), '7 passed, 3 failed, 0 skipped');
});

test('a step that failed before the tests is a failure', () => {
  assert.equal(lastLine(undefined, 2), '0 passed, 1 failed, 0 skipped');
});
