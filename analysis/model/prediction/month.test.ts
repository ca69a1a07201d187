import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { handPath } from '../../../testing/by-hand/plain-calibration.ts';
import { bytesPerMonth, costsOfMonth, monthOf } from './month.ts';
import { type Prediction, predictAll } from './predict.ts';

const seconds = 730 * 3600;
const load: Scenario = { ...plainLoad, clients: 100, payload: { kind: 'notice', bytes: 90 } };

function predicted(transport: Prediction['transport']): Prediction {
  const found = predictAll({ scenario: load, rttMs: 0 }, handPath).find((each) => each.transport === transport)!;
  return {
    ...found,
    upBitsPerSecond: { value: 800, low: 720, high: 880 },
    downBitsPerSecond: { value: 8000, low: 7200, high: 8800 },
    requestsPerSecond: { value: 5, low: 4, high: 6 },
    deliveriesPerSecond: { value: 20, low: 19, high: 21 },
    publishesPerSecond: 3,
    nodes: 2,
    connections: 200,
    memoryBytes: { value: 2 ** 30, low: 0, high: 2 ** 31 },
    sizes: { low: { nodes: 1, workers: 1 }, high: { nodes: 5, workers: 3 } },
    kernelBytes: 2 ** 29,
  };
}

test('bytes of a month: both ways, 8 bits each, 730 hours', () => {
  assert.deepEqual(bytesPerMonth(predicted('sse')), {
    value: 1100 * seconds,
    low: 990 * seconds,
    high: 1210 * seconds,
  });
});

describe('what is billed for a month', () => {
  const ofAll = { egressBytes: 1000 * seconds, coreHours: 2 * 730, gibibyteHours: 1.5 * 730 };
  const nothing = { count: 0, meanBytes: 90 };
  const minutes = 200 * 730 * 60;

  test('WebSocket: deliveries and publishes are messages', () => {
    assert.deepEqual(monthOf({ ...predicted('websocket'), requestsPerSecond: { value: 0, low: 0, high: 0 } }, load), {
      ...ofAll,
      messages: { count: 23 * seconds, meanBytes: 90 },
      requests: nothing,
      connectionMinutes: minutes,
    });
  });

  test('memory is that of nodes, NGINX and kernel', () => {
    const proxied = { ...predicted('websocket'), proxyMemoryBytes: { value: 2 ** 30, low: 0, high: 2 ** 31 } };
    assert.equal(monthOf(proxied, load).gibibyteHours, 2.5 * 730);
  });

  test('SSE: deliveries are messages, publishes are requests', () => {
    assert.deepEqual(monthOf({ ...predicted('sse'), requestsPerSecond: { value: 0, low: 0, high: 0 } }, load), {
      ...ofAll,
      messages: { count: 20 * seconds, meanBytes: 90 },
      requests: { count: 3 * seconds, meanBytes: 90 },
      connectionMinutes: minutes,
    });
  });

  for (const transport of ['short-polling', 'long-polling'] as const) {
    test(`${transport}: polls and publishes are requests, and no connection is one that stays open`, () => {
      assert.deepEqual(monthOf(predicted(transport), load), {
        ...ofAll,
        messages: nothing,
        requests: { count: 8 * seconds, meanBytes: 90 },
        connectionMinutes: 0,
      });
    });
  }

  test('each worker of NGINX has a core', () => {
    assert.equal(monthOf({ ...predicted('sse'), proxyWorkers: 2 }, load).coreHours, 4 * 730);
  });

  test('the larger of update and input decides on blocks', () => {
    const inputs = { arrivals: load.arrivals, payload: { kind: 'reaction', bytes: 400 } } as const;
    assert.equal(monthOf(predicted('sse'), { ...load, inputs }).messages.meanBytes, 400);
  });
});

test('a bill has the ends of all that it is made of', () => {
  const items = [
    { unit: 'egress-gigabyte', price: 0.1 },
    { unit: 'message-million', price: 1 },
    { unit: 'request-million', price: 0.5 },
    { unit: 'core-hour', price: 0.04 },
    { unit: 'gibibyte-hour', price: 0.005 },
  ] as const;
  const prices = { name: 'By hand', source: 'our contract', asOf: '2026-01-31', currency: 'EUR', items };
  const moneyOf = (found: Prediction) => {
    const { value, low, high } = costsOfMonth(prices, found, load);
    return [low, value, high].map((month) => month.items.map(({ money }) => money));
  };
  const expected = (
    [
      [900, 22, 7, 1, 0.5],
      [1000, 23, 8, 2, 1.5],
      [1100, 24, 9, 5, 2.5],
    ] as const
  ).map(([bytes, messages, requests, cores, gibibytes]) => [
    ((bytes * seconds) / 1e9) * 0.1,
    ((messages * seconds) / 1e6) * 1,
    ((requests * seconds) / 1e6) * 0.5,
    cores * 730 * 0.04,
    gibibytes * 730 * 0.005,
  ]);
  // Over WebSocket messages of clients are messages, not requests.
  const polls = { value: 8, low: 7, high: 9 };
  assertAlike(moneyOf({ ...predicted('websocket'), requestsPerSecond: polls }), expected);
  const proxied = moneyOf({ ...predicted('websocket'), proxyWorkers: 2 });
  assertAlike(
    proxied.map((money) => [money[3]!]),
    [2, 4, 8].map((cores) => [cores * 730 * 0.04]),
  );
});

function assertAlike(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  const off = found.flatMap((row, i) => row.map((value, j) => Math.abs(value / expected[i]![j]! - 1)));
  assert.ok(Math.max(...off) < 1e-9, `${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
}
