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
    requests: 0.1,
    deliveries: 0.01,
    bytes: 0.001,
    publishes: 0.05,
  },
  // 250 events wake up 200 times.
  togetherSeconds: 0.001,
  inverseNormal: [],
  scatter: 0.1,
  degrees: 4,
  largest: work,
};

function assertClose(found: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);
}

test('a cost adds up its terms', () => {
  assertClose(costOf(model, work), 5 + 1 + 4 + 8 + 5 + 4 + 3.5);
});

describe('where the mean of a series of trials will lie', () => {
  const coefficients = { fixed: 10, clients: 0, wakeUps: 0, requests: 0, deliveries: 0.01, bytes: 0, publishes: 0 };
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

describe('what one more delivery takes', () => {
  test('of 100 bytes: 0.01 ms, and 100 times 0.001', () => {
    assertClose(sendMs(model, work, { bytes: 100, asked: false }), 0.11);
  });

  test('with a request, and the wake-ups that it adds', () => {
    const wakeUps = 251 / 1.251 - 200;
    assertClose(sendMs(model, work, { bytes: 100, asked: true }), 0.11 + 0.1 + 0.02 * wakeUps);
  });
});
