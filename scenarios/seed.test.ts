import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedFrom } from './seed.ts';

test('equal parts give equal seeds, in 32 bits', () => {
  // The first four bytes of printf '["a",1]' | sha256sum.
  assert.equal(seedFrom('a', 1), 0x135f17a4 | 0);
  for (let i = 0; i < 100; i++) assert.equal(seedFrom('x', i) | 0, seedFrom('x', i));
});

test('type, order and borders of the parts matter', () => {
  const seeds = [seedFrom('1', 'a'), seedFrom(1, 'a'), seedFrom('a', '1'), seedFrom('1a'), seedFrom('1', 'a', '')];
  assert.equal(new Set(seeds).size, seeds.length);
});
