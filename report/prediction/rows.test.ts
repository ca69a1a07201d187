import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import { plainPrediction } from '../../testing/by-hand/plain-prediction.ts';
import { predictionRows } from './rows.ts';

const around = (value: number) => ({ value, low: 0.9 * value, high: 1.1 * value });
const times = { mean: around(20), p50: around(19), p95: around(1500) };

const polling = plainPrediction({
  transport: 'short-polling',
  pollIntervalMs: 1500,
  meetsTolerance: true,
  latency: times,
  staleness: { mean: around(21), p50: around(22), p95: around(23) },
  staleFraction: 0.1234,
  requestsPerSecond: around(2000),
  emptyShare: 0.00001,
  upBitsPerSecond: around(1_000_000),
  downBitsPerSecond: around(3_000_000),
  serverCores: around(0.5),
  proxyCores: around(0.25),
  proxyWorkers: 1,
  nodes: 3,
  scaling: { contention: 0.123, times: 2.41 },
  memoryBytes: around(200_000_000),
  proxyMemoryBytes: around(40_000_000),
  kernelBytes: 3_000_000,
  connections: 1234,
  firstLimit: { what: 'proxy-ports', clients: 28_232 },
  stormSeconds: 2.5,
  extrapolation: { times: 1, of: 'clients' },
});
const {
  proxyCores: _,
  proxyWorkers: _____,
  proxyMemoryBytes: ____,
  pollIntervalMs: __,
  meetsTolerance: ___,
  ...plain
} = polling;
const socket: Prediction = {
  ...plain,
  transport: 'websocket',
  requestsPerSecond: around(0),
  staleFraction: 0,
  nodes: 1000,
  scaling: { contention: 0, times: 1000 },
  firstLimit: { what: 'node-core', clients: 12_345 },
  extrapolation: { times: 2.04, of: 'deliveriesPerSecond' },
};

test('every number of both, with its interval', () => {
  const rows = predictionRows([polling, socket]).map(({ key, title, carries, cells }) => [
    key,
    title,
    carries,
    ...cells,
  ]);
  assert.deepEqual(rows, [
    ['interval', 'Asks every', 'anywhere', '1.5 s', '–'],
    ['latency.mean', 'Delivery latency, mean', 'anywhere', '20.0 ms (18–22)', '20.0 ms (18–22)'],
    ['latency.p50', 'Delivery latency, p50', 'anywhere', '19.0 ms (17.1–20.9)', '19.0 ms (17.1–20.9)'],
    ['latency.p95', 'Delivery latency, p95', 'anywhere', '1.50 s (1.35–1.65)', '1.50 s (1.35–1.65)'],
    ['staleness.mean', 'Update unknown for, mean', 'anywhere', '21.0 ms (18.9–23.1)', '21.0 ms (18.9–23.1)'],
    ['staleness.p50', 'Update unknown for, p50', 'anywhere', '22.0 ms (19.8–24.2)', '22.0 ms (19.8–24.2)'],
    ['staleness.p95', 'Update unknown for, p95', 'anywhere', '23.0 ms (20.7–25.3)', '23.0 ms (20.7–25.3)'],
    ['stale', 'Time with a stale view', 'anywhere', '12.3%', '0%'],
    ['tolerance', 'Within the tolerance', 'anywhere', 'yes', '–'],
    ['requests', 'Requests a second', 'anywhere', '2,000 (1,800–2,200)', '–'],
    ['empty', 'Polls that bring nothing', 'anywhere', 'under 0.01%', '–'],
    ['wire.down', 'On the wire, down', 'anywhere', '3.00 Mbit/s (2.70–3.30)', '3.00 Mbit/s (2.70–3.30)'],
    ['wire.up', 'On the wire, up', 'anywhere', '1.00 Mbit/s (0.900–1.10)', '1.00 Mbit/s (0.900–1.10)'],
    // 4 Mbit/s for 730 hours.
    ['month', 'In a month, both ways', 'anywhere', '1.31 TB (1.18–1.45)', '1.31 TB (1.18–1.45)'],
    ['cores.server', 'Server cores', 'ratios', '0.500 (0.450–0.550)', '0.500 (0.450–0.550)'],
    ['nodes', 'Nodes, 70% busy at most unless given', 'machine', '3', '1,000'],
    ['scaling', 'They carry, of what one carries', 'ratios', '2.4 times (σ 0.12)', '1,000 times (σ 0)'],
    ['cores.proxy', 'NGINX cores', 'ratios', '0.250 (0.225–0.275)', '–'],
    ['workers', 'NGINX workers, 70% busy at most', 'machine', '1', '–'],
    ['memory.process', 'Memory of the nodes', 'ratios', '200 MB (180–220)', '200 MB (180–220)'],
    ['memory.proxy', 'Memory of NGINX', 'ratios', '40.0 MB (36–44)', '–'],
    ['memory.kernel', 'Memory of the kernel', 'machine', '3.00 MB', '3.00 MB'],
    ['connections', 'Connections', 'anywhere', '1,234', '1,234'],
    ['limit', 'Clients until the first limit', 'machine', '28,000 (ports to a node)', "12,000 (a node's core)"],
    ['storm', 'All reconnected within', 'machine', '2.50 s', '2.50 s'],
    ['extrapolation', 'Beyond the calibration', 'machine', 'no', '2.0 times the deliveries'],
  ]);
});

describe('rows', () => {
  const cell = (key: string, altered: Partial<Prediction>) =>
    predictionRows([{ ...polling, ...altered }]).find((row) => row.key === key)?.cells[0];

  test('are left out where no transport has one', () => {
    const keys = predictionRows([socket]).map(({ key }) => key);
    for (const key of ['interval', 'tolerance', 'requests', 'empty', 'cores.proxy', 'workers'])
      assert.ok(!keys.includes(key), key);
  });
  test('a tolerance that is not kept', () => assert.equal(cell('tolerance', { meetsTolerance: false }), 'no'));
  test('the core of NGINX', () => {
    assert.equal(cell('limit', { firstLimit: { what: 'proxy-core', clients: 999 } }), "1,000 (NGINX's workers)");
  });
  test('a share of 0.01% is told', () => assert.equal(cell('empty', { emptyShare: 0.0001 }), '0.0100%'));
  test('what was not calibrated', () => {
    const extrapolation = { times: Number.POSITIVE_INFINITY, of: 'publishesPerSecond' } as const;
    assert.equal(cell('extrapolation', { extrapolation }), 'publishes were not calibrated');
  });
  test('a latency without end is left out', () => {
    const latency = { ...times, mean: around(Number.POSITIVE_INFINITY) };
    assert.equal(cell('latency.mean', { latency }), undefined);
  });
});
