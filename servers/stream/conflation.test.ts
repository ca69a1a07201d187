import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conflation } from './conflation.ts';

const total = (conflation: Conflation) => conflation.totals().get(1) ?? 0;

test('what was left out is added up per client', () => {
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

test('gaps in front of updates that never arrived are taken back, those before them stay', () => {
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

test('a client that is up to date, or unknown, takes nothing back', () => {
  const conflation = new Conflation();
  conflation.record(1, 0, 5, 3);
  conflation.resume(1, 0, 8);
  conflation.resume(2, 0, 0);
  assert.equal(total(conflation), 3);
});

test('channels of one client do not take each other’s gaps back', () => {
  const conflation = new Conflation();
  conflation.record(1, 0, 50, 39);
  conflation.resume(1, 1, 0);
  assert.equal(total(conflation), 39);
});
