import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caution, doubt, isInvalid } from './warning.ts';

test('a doubt makes its subject invalid, a caution does not', () => {
  assert.deepEqual(doubt('contradiction', 'No.'), { code: 'contradiction', severity: 'invalid', text: 'No.' });
  assert.deepEqual(caution('noisy', 'Hm.'), { code: 'noisy', severity: 'caution', text: 'Hm.' });
  assert.deepEqual([doubt('contradiction', 'No.'), caution('noisy', 'Hm.')].map(isInvalid), [true, false]);
});
