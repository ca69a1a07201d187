import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killedShare, type ModuleReport } from './module-report.ts';
import { survivorLines, tableOf } from './table.ts';

const report: ModuleReport = {
  room: 'a',
  path: 'a/sum.ts',
  possible: 40,
  mutants: 10,
  killed: 8,
  timedOut: 1,
  survivors: [{ line: 3, before: 'a + b', after: 'a - b' }],
  known: [],
  equivalents: 1,
  fault: undefined,
  tests: ['a/sum.test.ts'],
};

test('the share counts only mutants that are not equivalent, and is never rounded up', () => {
  assert.equal(killedShare(report), 8 / 9);
  assert.match(tableOf([report])[1]!, /^a\/sum\.ts +40 +10 +8 +1 +1 +1 +88%$/);
  assert.equal(killedShare({ ...report, mutants: 1 }), 1);
});

test('a survivor is listed with place and lines, unless the tests did not run', () => {
  assert.deepEqual(survivorLines(report), ['  a/sum.ts:3', '    - a + b', '    + a - b']);
  assert.deepEqual(survivorLines({ ...report, fault: 'no test ran' }), []);
});
