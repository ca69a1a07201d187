import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownTests } from './own-tests.ts';

test('own tests are the test file beside the module and those of its folder that import it', () => {
  const imported = (from: string, typeOnly = false) => ({ from, to: 'a/sum.ts', typeOnly, line: 1 });
  const imports = [
    imported('a/total.test.ts'),
    imported('a/types.test.ts', true),
    imported('b/far.test.ts'),
    imported('a/whole.system.test.ts'),
    imported('a/total.ts'),
  ];
  const fast = ['a/other.test.ts', 'a/sum.test.ts', 'a/total.test.ts', 'a/types.test.ts', 'b/far.test.ts'];
  assert.deepEqual(ownTests('a/sum.ts', fast, imports), ['a/sum.test.ts', 'a/total.test.ts']);
  assert.deepEqual(ownTests('a/none.ts', fast, imports), []);
});
