import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { costOf } from '../cost/cost.ts';
import { scalingOf } from './scaling.ts';

const model = {
  coefficients: {
    fixed: 5,
    clients: 0.01,
    wakeUps: 0.1,
    updates: 0,
    requests: 0.05,
    deliveries: 0.02,
    firstDeliveries: 0,
    bytes: 0,
    publishes: 0,
  },
  togetherSeconds: 0,
  firstReaders: 1,
};

const work = {
  clients: 1000,
  updatesPerSecond: 100,
  requestsPerSecond: 0,
  deliveriesPerSecond: 1000,
  bytesPerSecond: 0,
  publishesPerSecond: 0,
};

/** Times the load at which each of so many nodes needs a second of CPU time a second. */
function fullAt(nodes: number): number {
  const busyMs = (times: number) =>
    costOf(model, {
      ...work,
      clients: (work.clients * times) / nodes,
      updatesPerSecond: work.updatesPerSecond * times,
      deliveriesPerSecond: (work.deliveriesPerSecond * times) / nodes,
    });
  let [low, high] = [0, 1e6];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (busyMs(middle) < 1000) low = middle;
    else high = middle;
  }
  return low;
}

describe('how nodes scale', () => {
  test('updates are a quarter of the work: 10 of 40 ms', () => {
    assert.equal(scalingOf(model, work, 1).contention, 0.25);
    assert.equal(scalingOf(model, work, 1).times, 1);
  });

  for (const nodes of [2, 5, 20]) {
    test(`${nodes} nodes are full at so many times the load of one`, () => {
      const { times } = scalingOf(model, work, nodes);
      assert.ok(Math.abs(times - fullAt(nodes) / fullAt(1)) < 1e-6, String(times));
    });
  }

  test('a load without updates shares out everything', () => {
    assert.equal(scalingOf(model, { ...work, updatesPerSecond: 0 }, 8).times, 8);
  });
});
