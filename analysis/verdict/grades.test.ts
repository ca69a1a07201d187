import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { busiest, graded, highest, negligible, replacesMany, resources } from './grades.ts';

test('a limit belongs to the better judgement', () => {
  const limits = { good: 2, works: 5 };
  assert.deepEqual(
    [2, 2.01, 5, 5.01].map((value) => graded(value, limits)),
    ['good', 'works', 'works', 'poor'],
  );
});

test('the limits: bytes above the least, share of a core, and what is too little to pay for', () => {
  assert.deepEqual(
    { highest, busiest, negligible, resources },
    {
      highest: { good: 1.25, works: 3 },
      busiest: { good: 0.25, works: 0.7 },
      negligible: { bytes: 2_000, 'server-cpu': 0.02 },
      resources: ['bytes', 'server-cpu'],
    },
  );
});

test('more than a tenth of replaced updates is many', () => {
  const replaced = (conflated?: number) => replacesMany(plainRow('sse', conflated === undefined ? {} : { conflated }));
  assert.deepEqual([replaced(), replaced(0.1), replaced(0.101)], [false, false, true]);
  assert.equal(replacesMany(plainRow('sse', { conflated: 0.2 }), 0.2), false);
});
