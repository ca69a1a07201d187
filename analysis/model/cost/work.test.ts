import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { costTerms } from '../../../results/schema/cost-terms.ts';
import { randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
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

describe('updates in bursts, among messages at random', () => {
  const arrivals = { kind: 'bursts', perSecond: 0.2, size: 5, gapMs: 50 } as const;
  const work = {
    clients: 100,
    updatesPerSecond: 10,
    requestsPerSecond: 1,
    deliveriesPerSecond: 200,
    bytesPerSecond: 0,
    publishesPerSecond: 2,
    // Twice as many as that makes, so bursts come twice as often.
    rhythm: { arrivals, channels: 5 },
  };
  const wakeUpsAt = (togetherSeconds: number, changes: object = {}) =>
    amountsOf({ ...work, ...changes }, { togetherSeconds, firstReaders: 100 })[costTerms.indexOf('wakeUps')]!;

  /** Each event costs as much as the caches have cooled since the one before. */
  function played(togetherSeconds: number): number {
    const random = randomFrom(seedFrom('wake-ups', togetherSeconds));
    const seconds = 20_000;
    const instants: number[] = [];
    const startsPerSecond = 2;
    for (
      let at = random.exponential(1 / startsPerSecond);
      at < seconds;
      at += random.exponential(1 / startsPerSecond)
    ) {
      for (let place = 0; place < 5; place++) instants.push(at + place * 0.05);
    }
    for (let at = random.exponential(1 / 3); at < seconds; at += random.exponential(1 / 3)) instants.push(at);
    instants.sort((a, b) => a - b);
    const cold = instants.slice(1).map((at, place) => -Math.expm1(-(at - instants[place]!) / togetherSeconds));
    return cold.reduce((sum, each) => sum + each, 0) / seconds;
  }

  for (const togetherSeconds of [0.005, 0.08, 0.5]) {
    test(`as played, cooling within ${togetherSeconds} s`, () => {
      const expected = played(togetherSeconds);
      const found = wakeUpsAt(togetherSeconds);
      assert.ok(Math.abs(found / expected - 1) < 0.03, `${found}, not ${expected}`);
    });
  }

  test('each event alone where caches are cold at once, and no updates have no rhythm', () => {
    assert.equal(wakeUpsAt(0), 13);
    assert.equal(wakeUpsAt(1, { updatesPerSecond: 0 }), 3 / 4);
  });

  test('at random, and by a recorded rhythm, they count as at random', () => {
    const rhythm = { arrivals: { kind: 'poisson', perSecond: 2 }, channels: 5 };
    assert.equal(wakeUpsAt(0.08, { rhythm }), 13 / (1 + 13 * 0.08));
    const trace = { arrivals: { kind: 'trace', instantsMs: [1, 2], lengthMs: 1000 }, channels: 5 };
    assert.equal(wakeUpsAt(0.08, { rhythm: trace }), 13 / (1 + 13 * 0.08));
  });
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
