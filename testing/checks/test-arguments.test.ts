import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTestArguments } from './test-arguments.ts';

test('without options all fast tests are chosen', () => {
  const { wanted, parts, name, watch, counts } = readTestArguments([]);
  assert.deepEqual({ wanted, parts, name, watch, counts }, { ...undefinedParts, wanted: ['test'], parts: [] });
});

const undefinedParts = { name: undefined, watch: false, counts: undefined };

test('options and parts of paths come in any order', () => {
  const { wanted, parts, name, watch } = readTestArguments([
    'cli/',
    '--tier',
    'all',
    '--name',
    '^a',
    'bench',
    '--watch',
  ]);
  assert.deepEqual(
    { wanted, parts, name, watch },
    { wanted: ['test', 'verify', 'faults'], parts: ['cli/', 'bench'], name: '^a', watch: true },
  );
});

test('unknown options and tiers and invalid patterns are refused', () => {
  assert.throws(
    () => readTestArguments(['--tier', 'slow']),
    /--tier: "slow" is unknown; give test, verify, faults or all/,
  );
  assert.deepEqual(readTestArguments(['--tier', 'test,verify']).wanted, ['test', 'verify']);
  assert.throws(() => readTestArguments(['--nmae', 'x']), /--nmae/);
  assert.throws(() => readTestArguments(['--name', '(']), SyntaxError);
});
