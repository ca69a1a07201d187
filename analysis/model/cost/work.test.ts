import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { costTerms } from '../../../results/schema/cost-terms.ts';
import { amountsOf, wakeUpsPerSecond } from './work.ts';

describe('wake-ups of a server that handles together what comes within a millisecond', () => {
  const cases: readonly (readonly [events: number, wakeUps: number])[] = [
    [0, 0],
    [250, 200],
    [1000, 500],
    [9000, 900],
  ];
  for (const [events, wakeUps] of cases) {
    test(`${events} events a second`, () => assert.equal(wakeUpsPerSecond(events, 0.001), wakeUps));
  }

  test('each event alone, if none are handled together', () => assert.equal(wakeUpsPerSecond(9000, 0), 9000));
});

test('amounts stand in the order of the terms; updates, requests and publishes wake up, deliveries do not', () => {
  const work = {
    clients: 10,
    updatesPerSecond: 100,
    requestsPerSecond: 80,
    deliveriesPerSecond: 5000,
    bytesPerSecond: 7000,
    publishesPerSecond: 70,
  };
  const amounts = amountsOf(work, { togetherSeconds: 0.001, firstReaders: 100 });
  assert.deepEqual(Object.fromEntries(amounts.map((amount, place) => [costTerms[place], amount])), {
    fixed: 1,
    clients: 10,
    wakeUps: 200,
    updates: 100,
    requests: 80,
    deliveries: 5000,
    // 50 readers of each update: 100(1 − e^(−1/2)) of them come first, after each of the 100/1.1 times.
    firstDeliveries: (100 / 1.1) * 100 * -Math.expm1(-0.5),
    bytes: 7000,
    publishes: 70,
  });
  const quiet = { ...work, updatesPerSecond: 0 };
  assert.equal(amountsOf(quiet, { togetherSeconds: 0, firstReaders: 100 })[costTerms.indexOf('firstDeliveries')], 0);
});
