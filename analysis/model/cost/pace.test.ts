import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handCost, handTransport } from '../../../testing/by-hand/plain-calibration.ts';
import { expectedCost } from './cost.ts';
import { atPace, servedAt, timesOfPace } from './pace.ts';

const work = {
  clients: 1000,
  updatesPerSecond: 10,
  requestsPerSecond: 5,
  deliveriesPerSecond: 100,
  bytesPerSecond: 5000,
  publishesPerSecond: 3,
};

test('everything takes twice as long, and intervals keep their width', () => {
  const uncertain = {
    ...handCost,
    inverseNormal: handCost.inverseNormal.map((row, i) => row.map((_, j) => (i === j ? 0.01 : 0))),
  };
  const calibration = {
    ...handTransport,
    server: uncertain,
    proxy: uncertain,
    connect: { ...handTransport.connect, proxyCpuMs: 0.5 },
  };
  const slow = atPace(calibration, 2);
  const [usual, twice] = [expectedCost(uncertain, work), expectedCost(slow.server, work)];
  assert.ok(usual.high > 1.1 * usual.value);
  for (const part of ['value', 'low', 'high'] as const) assert.ok(Math.abs(twice[part] / usual[part] - 2) < 1e-9, part);
  assert.deepEqual(slow.proxy, slow.server);
  assert.deepEqual([slow.connect.cpuMs, slow.connect.proxyCpuMs, slow.connect.upBytes], [0.4, 1, 100]);
  assert.deepEqual([slow.memory, slow.handlingMs], [calibration.memory, calibration.handlingMs]);
});

test('a server and a proxy may be off by different factors', () => {
  const proxied = { ...handTransport, proxy: handCost, connect: { ...handTransport.connect, proxyCpuMs: 0.5 } };
  const { server, proxy, connect } = servedAt(proxied, { server: 3, proxy: 0.5 });
  assert.deepEqual([server.coefficients.requests, proxy?.coefficients.requests], [0.1 * 3, 0.05]);
  assert.deepEqual(connect, { ...proxied.connect, cpuMs: 0.2 * 3, proxyCpuMs: 0.25 });
});

test('a pace that is not known changes nothing', () => {
  assert.deepEqual([timesOfPace(300, 150), timesOfPace(undefined, 150), timesOfPace(300, undefined)], [2, 1, 1]);
});
