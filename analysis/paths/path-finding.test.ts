import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainComparison } from '../../testing/by-hand/plain-analysis.ts';
import type { Outcome } from '../comparison/outcome.ts';
import { findingOf } from './path-finding.ts';

test('the finding about a path by the outcome of its ratio', () => {
  const found = (outcome: Outcome) => findingOf(plainComparison('bytes', 'sse', 'sse', outcome, 1.1));
  const all: readonly Outcome[] = ['lower', 'higher', 'equal', 'unresolved', 'cannot-tell', 'too-few'];
  assert.deepEqual(all.map(found), ['differs', 'differs', 'same', 'unresolved', 'cannot-tell', undefined]);
  assert.equal(findingOf(undefined), undefined);
  assert.equal(findingOf({ ...plainComparison('bytes', 'sse', 'sse', 'lower', 1.1), estimate: undefined }), undefined);
});
