import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimText } from './claim-figure.ts';

const figures = { 'a.times': { value: 4.3217, tolerance: 0.1 } };

test('a text quotes a figure of the manifest with three digits', () => {
  assert.equal(claimText('a.times', { figures }), '4.32');
});

test('a figure that is missing is named', () => {
  assert.throws(() => claimText('a.time', { figures }), /"a\.time" is no figure of a claim; there are a\.times/);
  assert.throws(() => claimText('toString', { figures }), /is no figure of a claim/);
});
