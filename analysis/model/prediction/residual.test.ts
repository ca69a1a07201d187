import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainPrediction } from '../../../testing/by-hand/plain-prediction.ts';
import { residualsOf } from './residual.ts';

const around = (value: number) => ({ value, low: 0.9 * value, high: 1.1 * value });

const prediction = plainPrediction({
  transport: 'short-polling',
  latency: { mean: around(500), p50: around(400), p95: around(900) },
  staleness: { mean: around(600), p50: around(400), p95: around(900) },
  requestsPerSecond: around(200),
  publishesPerSecond: 40,
  downBitsPerSecond: around(80_000),
  upBitsPerSecond: around(40_000),
  serverCores: around(0.05),
  proxyCores: around(0.01),
  memoryBytes: around(50_000_000),
});

const valuesOf = (found: Parameters<typeof residualsOf>[1], altered = prediction) =>
  Object.fromEntries(residualsOf(altered, found, 100).map((residual) => [residual.key, residual]));

describe('what was predicted, in the units of figures, of a hundred clients', () => {
  const cases: readonly (readonly [key: string, value: number])[] = [
    ['latency.mean', 500],
    ['latency.p50', 400],
    ['staleness', 600],
    // 200 polls and 40 publishes a second are 144 of each client a minute.
    ['requests', 144],
    // 100 bytes a second of each.
    ['bytes.wire.down', 6000],
    ['bytes.wire.up', 3000],
    ['cpu.serving', 60],
    ['memory', 50_000_000],
  ];
  const residuals = valuesOf({});

  test('all of them', () => assert.deepEqual(Object.keys(residuals).sort(), cases.map(([key]) => key).sort()));
  for (const [key, value] of cases) {
    test(key, () => assert.ok(Math.abs(residuals[key]!.expected.value - value) < 1e-9));
  }

  test('with their intervals', () => {
    assert.ok(Math.abs(residuals.requests!.expected.low - (180 + 40) * 0.6) < 1e-9);
    assert.ok(Math.abs(residuals['cpu.serving']!.expected.high - 66) < 1e-9);
  });

  test('publishes over WebSocket are no requests, and what is expected to be 0 is left out', () => {
    const socket = plainPrediction({ ...prediction, transport: 'websocket', requestsPerSecond: around(0) });
    assert.ok(!('requests' in valuesOf({}, socket)));
  });
});

describe('what was measured', () => {
  const latencyOf = (measured: number | undefined) => {
    const { off, isWithin } = valuesOf({ 'latency.mean': measured })['latency.mean']!;
    return [off, isWithin];
  };

  test('less than predicted', () => assert.deepEqual(latencyOf(400), [0.25, false]));
  test('more, within the interval', () => assert.deepEqual(latencyOf(550), [500 / 550 - 1, true]));
  test('beyond it', () => assert.deepEqual(latencyOf(551), [500 / 551 - 1, false]));
  test('nothing', () => assert.deepEqual(latencyOf(undefined), [undefined, false]));
  test('0', () => assert.deepEqual(latencyOf(0), [undefined, false]));
});
