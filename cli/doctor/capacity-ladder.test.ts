import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestCarried, lastStartMs, lowestLimited, nextRate } from './capacity-ladder.ts';
import type { CapacityStep } from './capacity-step.ts';

function step(updatesPerSecond: number, busiest: number, isLimited = false): CapacityStep {
  const core = { share: busiest, names: ['server'] };
  return {
    updatesPerSecond,
    offeredPerSecond: updatesPerSecond * 20,
    carriedPerSecond: updatesPerSecond * 20,
    missingShare: 0,
    p99Ms: 1,
    cores: { load: { share: 0.1, names: ['load-1'] }, source: null, server: core },
    limit: isLimited ? { what: 'server', core } : null,
  };
}

test('the first rate is 250 updates a second, and each next one twice as high', () => {
  assert.equal(nextRate([], 0), 250);
  assert.equal(nextRate([step(250, 0.15)], 0), 500);
  assert.equal(nextRate([step(250, 0.15), step(500, 0.3)], 0), 1_000);
});

test('while all cores are calm, the next one is four times as high', () => {
  assert.equal(nextRate([step(250, 0.14)], 0), 1_000);
});

test('once a rate was not carried, one in the middle is tried, and then no more', () => {
  const steps = [step(4_000, 0.5), step(8_000, 0.95, true)];
  assert.equal(nextRate(steps, 0), 5_657);
  assert.equal(nextRate([...steps, step(5_657, 0.7)], 0), undefined);
  assert.equal(nextRate([...steps, step(5_657, 0.93, true)], 0), undefined);
});

test('after a step of four times there may be two in the middle', () => {
  const steps = [step(1_000, 0.1), step(4_000, 0.95, true)];
  assert.equal(nextRate(steps, 0), 2_000);
  assert.equal(nextRate([...steps, step(2_000, 0.4)], 0), 2_828);
  assert.equal(nextRate([...steps, step(2_000, 0.4), step(2_828, 0.8)], 0), undefined);
});

test('a machine that does not carry the first rate gets no other', () => {
  assert.equal(nextRate([step(250, 0.99, true)], 0), undefined);
});

test('no step starts when there is no time for it, nor beyond the last rate', () => {
  assert.equal(nextRate([step(250, 0.5)], lastStartMs), 500);
  assert.equal(nextRate([step(250, 0.5)], lastStartMs + 1), undefined);
  assert.equal(nextRate([step(64_000, 0.5)], 0), 100_000);
  assert.equal(nextRate([step(100_000, 0.5)], 0), undefined);
});

test('carried is the highest rate below the limit, and the first limit is at the lowest rate above', () => {
  const steps = [step(250, 0.2), step(500, 0.95, true), step(354, 0.5), step(400, 0.91, true)];
  assert.equal(highestCarried(steps)?.updatesPerSecond, 354);
  assert.equal(lowestLimited(steps)?.updatesPerSecond, 400);
  assert.deepEqual([highestCarried([]), lowestLimited([])], [undefined, undefined]);
});
