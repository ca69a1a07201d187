import assert from 'node:assert/strict';
import { test } from 'node:test';
import { affectedTests } from './affected-tests.ts';

const imports = [
  { from: 'a.test.ts', to: 'a.ts' },
  { from: 'a.ts', to: 'b.ts' },
  { from: 'b.ts', to: 'a.ts' },
  { from: 'c.test.ts', to: 'c.ts' },
];
const tests = ['a.test.ts', 'c.test.ts'];

test('a change affects the tests that import it, also through other files and through circles', () => {
  assert.deepEqual(affectedTests(tests, ['b.ts'], imports), ['a.test.ts']);
  assert.deepEqual(affectedTests(tests, ['c.test.ts'], imports), ['c.test.ts']);
  assert.deepEqual(affectedTests(tests, ['b.ts', 'c.ts'], imports), tests);
  assert.deepEqual(affectedTests(tests, ['unknown.ts'], imports), []);
});
