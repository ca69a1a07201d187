import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Work } from '../../../results/schema/calibration-schema.ts';
import { handCost } from '../../../testing/by-hand/plain-calibration.ts';
import { fewestNodes, firstLimitOf, portsToNode, type Served } from './limits.ts';

const work: Work = {
  clients: 1000,
  updatesPerSecond: 100,
  requestsPerSecond: 0,
  deliveriesPerSecond: 10_000,
  bytesPerSecond: 0,
  publishesPerSecond: 0,
};

/** 10 ms in a second and 0.01 ms a delivery: 0.1 ms a client. */
const cost = {
  ...handCost,
  coefficients: {
    fixed: 10,
    clients: 0,
    wakeUps: 0,
    updates: 0,
    requests: 0,
    deliveries: 0.01,
    firstDeliveries: 0,
    bytes: 0,
    publishes: 0,
  },
};
const twice = { ...cost, coefficients: { ...cost.coefficients, deliveries: 0.02 } };

const served: Served = {
  work,
  size: { nodes: 1, workers: 1 },
  calibration: { server: cost },
  connections: 1000,
  proxied: false,
};

test('Linux has 28,232 ports to one node', () => assert.equal(portsToNode, 60_999 - 32_768 + 1));

test('a proxy has ports for 28,232 connections to each node, and without one a node needs none', () => {
  const nodes = [1, portsToNode, portsToNode + 1, 100_000].map((connections) => fewestNodes(connections, true));
  assert.deepEqual(nodes, [1, 1, 2, 4]);
  assert.equal(fewestNodes(100_000, false), 1);
});

describe('what gives out first', () => {
  const cases: Readonly<Record<string, readonly [Partial<Served>, what: string, clients: number]>> = {
    'a core: 990 ms by 0.1': [{}, 'node-core', 9899],
    'three cores': [{ size: { nodes: 3, workers: 1 } }, 'node-core', 29_699],
    'the core of NGINX, which has all clients': [
      { size: { nodes: 3, workers: 1 }, calibration: { server: cost, proxy: cost }, proxied: true },
      'proxy-core',
      9899,
    ],
    'two cores of NGINX: 1,990 ms by 0.1': [
      { size: { nodes: 3, workers: 2 }, calibration: { server: cost, proxy: cost }, proxied: true },
      'proxy-core',
      19_899,
    ],
    'a node, where NGINX takes half': [
      { calibration: { server: twice, proxy: cost }, proxied: true },
      'node-core',
      4949,
    ],
    'ports, where clients do little': [
      { work: { ...work, deliveriesPerSecond: 1000 }, proxied: true },
      'proxy-ports',
      portsToNode,
    ],
    'ports, of which each client has two': [
      { work: { ...work, deliveriesPerSecond: 1000 }, connections: 2000, proxied: true },
      'proxy-ports',
      portsToNode / 2,
    ],
    'no ports without NGINX': [{ work: { ...work, deliveriesPerSecond: 1000 } }, 'node-core', 98_999],
    'nothing, if clients cost nothing': [{ work: { ...work, deliveriesPerSecond: 0 } }, 'node-core', 1e9],
  };
  for (const [name, [given, what, clients]] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(firstLimitOf({ ...served, ...given }), { what, clients }));
  }

  test('updates stay as many, and all else grows with the clients', () => {
    // 10 ms, 100 of updates, and of each client 0.01 + 2 · 0.02 + 0.04 + 0.03 + 0.06 ms.
    const coefficients = {
      fixed: 10,
      clients: 0.01,
      wakeUps: 1,
      updates: 0,
      firstDeliveries: 0,
      requests: 0.02,
      deliveries: 0.04,
      bytes: 0.0003,
      publishes: 0.06,
    };
    const busy = { ...work, deliveriesPerSecond: 1000, requestsPerSecond: 2000, bytesPerSecond: 100_000 };
    const server = { ...cost, coefficients, togetherSeconds: 0 };
    const found = firstLimitOf({ ...served, work: { ...busy, publishesPerSecond: 1000 }, calibration: { server } });
    // Requests and publishes wake up, too: 3 ms a client.
    assert.equal(found.clients, Math.floor((1000 - 110) / 3.18));
  });
});
