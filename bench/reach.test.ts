import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilRight } from './reach.ts';

test('it is tried until nothing is wrong', async () => {
  const wrongs = ['refused', 'answered 502', undefined, 'never asked'];
  let tries = 0;
  assert.equal(await untilRight(async () => wrongs[tries++], 60_000), undefined);
  assert.equal(tries, 3);
});

test('in vain it says what was wrong at last, and tries once at least', async () => {
  assert.equal(await untilRight(async () => 'refused', 0), 'refused');
  let tries = 0;
  assert.equal(await untilRight(async () => `try ${++tries}`, 300), `try ${tries}`);
  assert.ok(tries >= 2, `${tries} tries`);
});
