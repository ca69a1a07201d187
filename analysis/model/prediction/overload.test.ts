import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { handCost, handPath, handTransport } from '../../../testing/by-hand/plain-calibration.ts';
import { type Prediction, predictAll } from './predict.ts';
import type { Question } from './question.ts';

/** 20,000 readers of each of 20 updates a second. A send costs 0.02 ms and something for its bytes. */
const load: Scenario = {
  ...plainLoad,
  clients: 200_000,
  channels: 10,
  arrivals: { kind: 'poisson', perSecond: 2 },
  payload: { kind: 'notice', bytes: 77 },
  pollIntervalMs: 1000,
};

function predicted(
  transport: Prediction['transport'],
  given: Partial<Question>,
  path: PathCalibration = handPath,
): Prediction {
  const question = { scenario: load, rttMs: 40, toleranceMs: 60_000, ...given };
  return predictAll(question, path).find((each) => each.transport === transport)!;
}

test('sends that last longer than until the next update never end: nothing is known of polls that never come', () => {
  const [sse, polled] = (['sse', 'long-polling'] as const).map((transport) => predicted(transport, { nodes: 1 }));
  for (const found of [sse!, polled!]) {
    assert.deepEqual([found.overload, found.tolerance, found.latency.mean.value], ['sends', 'missed', Infinity]);
  }
  assert.deepEqual([polled!.requestsPerSecond.value, polled!.serverCores.value], [NaN, NaN]);
  assert.deepEqual([polled!.downBitsPerSecond.high, polled!.emptyShare], [NaN, NaN]);
  assert.ok(sse!.serverCores.value > 8 && sse!.downBitsPerSecond.value > 0);
});

test('short polls queue up before a node that is full', () => {
  const found = predicted('short-polling', { nodes: 1 });
  assert.deepEqual([found.overload, found.tolerance, found.staleness.p95.value], ['node-core', 'missed', Infinity]);
  assert.ok(found.serverCores.value > 1);
  assert.equal(predicted('short-polling', { scenario: { ...load, clients: 2000 } }).overload, undefined);
});

test('a worker of a proxy is full where the nodes behind it have room', () => {
  // Sending costs a worker 0.001 ms; what it does besides, for 2,000 connections, 0.6 ms each.
  const proxy = { ...handCost, coefficients: { ...handCost.coefficients, clients: 0.6, deliveries: 0.001 } };
  const path = { ...handPath, transports: { sse: { ...handTransport, proxy } } };
  const of = (proxyWorkers: number) =>
    predicted('sse', { scenario: { ...load, clients: 2000 }, nodes: 1, proxyWorkers }, path);
  const full = of(1);
  assert.ok(full.serverCores.value < 1 && full.proxyCores!.value > 1 && full.proxyCores!.value < 2);
  assert.deepEqual([full.overload, full.tolerance, full.latency.mean.value], ['proxy-core', 'missed', Infinity]);
  assert.equal(of(2).overload, undefined);
});

test('where updates alone fill most of a node, there are as many nodes as share out what can be shared', () => {
  // An update costs 0.2 ms on each node: 4,000 a second take 0.8 of a core, however many nodes there are.
  const cost = { ...handCost, coefficients: { ...handCost.coefficients, wakeUps: 0, updates: 0.2 } };
  const path = { ...handPath, transports: { sse: { ...handTransport, server: cost } } };
  const scenario: Scenario = { ...load, clients: 20_000, channels: 2000 };
  const { nodes, serverCores, overload } = predicted('sse', { scenario }, path);
  // 40,000 deliveries of 0.02077 ms and clients of 0.002: 871 ms to share, 97 of them on each.
  assert.equal(nodes, 9);
  assert.ok(serverCores.value / nodes > 0.81 + 0.09 && serverCores.value / nodes <= 0.91);
  assert.equal(overload, undefined);
});
