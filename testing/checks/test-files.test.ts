import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { long, longestFirst, testFiles, tiers } from './test-files.ts';

test('the files listed as long exist, and moving them to the front loses none', () => {
  const all = tiers.flatMap((tier) => testFiles(projectRoot, tier));
  const ordered = longestFirst(all);
  assert.deepEqual(ordered.slice(0, long.length), long);
  assert.deepEqual(ordered.toSorted(), all.toSorted());
});
