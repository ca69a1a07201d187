import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CostModel, Work } from '../../../results/schema/calibration-schema.ts';
import { costOf, expectedCost, sendMs } from './cost.ts';

const work: Work = {
  clients: 100,
  updatesPerSecond: 100,
  requestsPerSecond: 80,
  deliveriesPerSecond: 500,
  bytesPerSecond: 4000,
  publishesPerSecond: 70,
};

const model: CostModel = {
  coefficients: {
    fixed: 5,
    clients: 0.01,
    wakeUps: 0.02,
    updates: 0.03,
    requests: 0.1,
    deliveries: 0.01,
    firstDeliveries: 0.004,
    bytes: 0.001,
    publishes: 0.05,
  },
  // 250 events wake up 200 times.
  togetherSeconds: 0.001,
  firstReaders: 5,
  inverseNormal: [],
  scatter: 0.1,
  degrees: 4,
  largest: work,
};

function assertClose(found: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);
}

test('a cost adds up its terms', () => {
  // 100 updates alone wake up 100/1.1 times, each for 5 readers.
  const first = 0.004 * (100 / 1.1) * 5 * (1 - Math.exp(-1));
  assertClose(costOf(model, work), 5 + 1 + 4 + 3 + 8 + 5 + first + 4 + 3.5);
});

describe('where the mean of a series of trials will lie', () => {
  const coefficients = {
    fixed: 10,
    clients: 0,
    wakeUps: 0,
    updates: 0,
    requests: 0,
    deliveries: 0.01,
    firstDeliveries: 0,
    bytes: 0,
    publishes: 0,
  };
  const two = { ...model, coefficients };

  test('by the scatter alone, if the coefficients are known', () => {
    const { value, low, high } = expectedCost(
      {
        ...two,
        inverseNormal: [
          [0, 0],
          [0, 0],
        ],
      },
      work,
    );
    assertClose(value, 15);
    // t of 97.5% with 4 degrees is 2.77645.
    assertClose(high, 15 * Math.exp(0.277645), 1e-5);
    assertClose(low, 15 * Math.exp(-0.277645), 1e-5);
  });

  test('wider by the leverage, of the amounts that have a cost', () => {
    // Amounts by cost are 1/15 and 500/15: 2/225 − 2 · 0.5 · 500/225 · 0.01 + 0.0001 · 500²/225.
    const inverseNormal = [
      [2, -0.005],
      [-0.005, 0.0001],
    ];
    const leverage = (2 - 2 * 500 * 0.005 + 0.0001 * 500 ** 2) / 225;
    const { high } = expectedCost({ ...two, inverseNormal }, work);
    assertClose(Math.log(high / 15), 0.277645 * Math.sqrt(1 + leverage), 1e-6);
  });
});

describe('what a delivery takes on average', () => {
  const first = (0.004 * (100 / 1.1) * 5 * (1 - Math.exp(-1))) / 500;

  test('of 6 bytes: 0.01 ms, 6 times 0.001, and more for the first', () => {
    assertClose(sendMs(model, work, { bytes: 6, asked: false }), 0.016 + first);
  });

  test('with a request, and the wake-ups that all of these add', () => {
    const asking = { ...work, requestsPerSecond: 580 };
    const wakeUps = 750 / 1.75 - 250 / 1.25;
    assertClose(sendMs(model, asking, { bytes: 6, asked: true }), 0.016 + first + 0.1 + (0.02 * wakeUps) / 500);
  });

  test('no less than nothing of more bytes or requests than there are', () => {
    assertClose(sendMs(model, work, { bytes: 100, asked: false }), 0.01 + 4 / 500 + first);
    const asked = sendMs(model, work, { bytes: 0, asked: true });
    assertClose(asked, 0.01 + first + (0.1 * 80) / 500 + (0.02 * (250 / 1.25 - 170 / 1.17)) / 500);
  });

  test('nothing if there is none', () => {
    assert.equal(sendMs(model, { ...work, deliveriesPerSecond: 0 }, { bytes: 6, asked: false }), 0);
  });
});
