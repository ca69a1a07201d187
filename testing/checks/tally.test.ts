import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTally, type EndedTest } from './tally.ts';

const passing: EndedTest = { name: 'adds', file: '/p/a.test.ts', details: {} };
const failing: EndedTest = { ...passing, details: { error: new Error('no') } };

function countsOf(...tests: readonly EndedTest[]) {
  const { count, counts } = createTally(['/p/a.test.ts', '/p/b.test.ts']);
  tests.forEach(count);
  return counts();
}

test('counts tests, not the suites around them', () => {
  const suite: EndedTest = { ...passing, name: 'suite', details: { type: 'suite' } };
  const { passed, failed, skipped } = countsOf(passing, failing, suite);
  assert.deepEqual([passed, failed, skipped.length], [1, 1, 0]);
});

test('a failed suite counts only if its failure is not that of a test in it', () => {
  const suiteFailing = (failureType: string): EndedTest => ({
    ...passing,
    details: { type: 'suite', error: Object.assign(new Error('no'), { failureType }) },
  });
  assert.equal(countsOf(failing, suiteFailing('subtestsFailed')).failed, 1);
  assert.equal(countsOf(passing, suiteFailing('hookFailed')).failed, 1);
});

test('keeps the reason of a skipped test, also of a whole suite', () => {
  const suite: EndedTest = { ...passing, name: 'pages', skip: 'no chromium', details: { type: 'suite' } };
  assert.deepEqual(countsOf({ ...passing, skip: true }, suite, { ...passing, todo: 'later' }), {
    passed: 0,
    failed: 0,
    skipped: ['adds', 'pages (no chromium)', 'adds (later)'],
    filesWithoutTests: ['/p/b.test.ts'],
  });
});

test('a test that is still to do and fails is a failure', () => {
  const { failed, skipped } = countsOf({ ...failing, todo: 'later' });
  assert.deepEqual([failed, skipped.length], [1, 0]);
});

test('a file with nothing but an empty suite has run no tests', () => {
  const suite: EndedTest = { ...passing, name: 'suite', details: { type: 'suite' } };
  assert.deepEqual(countsOf(suite).filesWithoutTests, ['/p/a.test.ts', '/p/b.test.ts']);
});

test('a file that node:test reports as a test has run no tests', () => {
  const file: EndedTest = { name: '/p/b.test.ts', file: '/p/b.test.ts', details: {} };
  assert.deepEqual(countsOf(passing, file).filesWithoutTests, ['/p/b.test.ts']);
  assert.equal(countsOf(passing, { ...file, details: { error: new Error('crashed') } }).failed, 1);
});

test('tests that a name filter excludes count neither as run nor as skipped', () => {
  const { passed, skipped, filesWithoutTests } = countsOf({ ...passing, skip: 'test name does not match pattern' });
  assert.deepEqual([passed, skipped.length, filesWithoutTests.length], [0, 0, 2]);
});
