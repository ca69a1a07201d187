import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equivalentFor, unfitEntries } from './equivalents.ts';

const entry = { file: 'sum.ts', before: 'a < b;', after: 'a <= b;', proof: 'a is never b' };
const other = { ...entry, file: 'mean.ts' };

test('an entry applies to its file and its two lines, wherever they are', () => {
  const change = { line: 7, before: 'a < b;', after: 'a <= b;' };
  assert.equal(equivalentFor('sum.ts', change, [other, entry]), entry);
  assert.equal(equivalentFor('sum.ts', { ...change, after: 'a >= b;' }, [entry]), undefined);
  assert.equal(equivalentFor('total.ts', change, [entry]), undefined);
});

test('an entry whose line is gone or occurs twice is reported', () => {
  assert.deepEqual(unfitEntries([entry, other], [other], []), [entry]);
  assert.deepEqual(unfitEntries([entry, other], [entry, other, entry], []), [entry]);
  assert.deepEqual(unfitEntries([entry, other], [entry, other], []), []);
});

test('an entry of a module that was not examined is not judged', () => {
  assert.deepEqual(unfitEntries([entry, other], [other], ['sum.ts']), []);
});
