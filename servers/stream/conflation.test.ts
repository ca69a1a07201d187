import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conflation } from './conflation.ts';

const total = (conflation: Conflation) => conflation.totals().get(1) ?? 0;

test('adds up conflated updates per client', () => {
  const conflation = new Conflation();
  conflation.record(1, 0, 5, 3);
  conflation.record(1, 0, 9, 2);
  conflation.record(2, 0, 9, 4);
  conflation.record(3, 0, 9, 0);
  assert.deepEqual(
    [...conflation.totals()],
    [
      [1, 5],
      [2, 4],
    ],
  );
});

test('takes back gaps before updates that never arrived, and keeps earlier ones', () => {
  const conflation = new Conflation();
  conflation.record(1, 0, 5, 3);
  conflation.record(1, 0, 9, 2);
  conflation.record(1, 0, 20, 7);
  conflation.resume(1, 0, 9);
  assert.equal(total(conflation), 5);
  conflation.resume(1, 0, 5);
  assert.equal(total(conflation), 3);
  conflation.resume(1, 0, 0);
  assert.equal(total(conflation), 0);
});

test('takes nothing back for a client that is up to date or unknown', () => {
  const conflation = new Conflation();
  conflation.record(1, 0, 5, 3);
  conflation.resume(1, 0, 8);
  conflation.resume(2, 0, 0);
  assert.equal(total(conflation), 3);
});

test('keeps the channels of a client apart', () => {
  const conflation = new Conflation();
  conflation.record(1, 0, 50, 39);
  conflation.resume(1, 1, 0);
  assert.equal(total(conflation), 39);
});
