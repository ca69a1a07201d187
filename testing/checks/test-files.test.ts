import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { long, longestFirst, testFiles } from './test-files.ts';

test('the files listed as long exist, and moving them to the front loses none', () => {
  const files = testFiles(projectRoot, 'verify');
  const ordered = longestFirst(files);
  assert.deepEqual(ordered.slice(0, long.length), long);
  assert.deepEqual(ordered.toSorted(), files.toSorted());
});
