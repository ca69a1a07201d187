import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { handPath } from '../../../testing/by-hand/plain-calibration.ts';
import { bytesPerMonth, monthOf } from './month.ts';
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
