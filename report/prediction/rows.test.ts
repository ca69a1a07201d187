import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import { plainPrediction } from '../../testing/by-hand/plain-prediction.ts';
import { cellText, predictionGroups } from './rows.ts';

const around = (value: number) => ({ value, low: 0.9 * value, high: 1.1 * value });
const exactly = (value: number) => ({ value, low: value, high: value });
const times = { mean: around(20), p50: around(19), p95: around(1500) };

const polling = plainPrediction({
  transport: 'short-polling',
  pollIntervalMs: 1500,
  tolerance: 'kept',
  latency: times,
  staleness: { mean: around(21), p50: around(22), p95: around(23) },
  longestStaleness: exactly(1980),
  fanOutMs: exactly(0),
  staleFraction: 0.1234,
  requestsPerSecond: around(2000),
  deliveriesPerSecond: around(100),
  publishesPerSecond: 7,
  emptyShare: 0.00001,
  upBitsPerSecond: around(1_000_000),
  downBitsPerSecond: around(3_000_000),
  layers: {
    up: { updates: 1, framing: 10, tls: 1, packets: 8 },
    down: { updates: 9, framing: 30, tls: 1, packets: 20 },
    packets: { up: 1, down: 1 },
  },
  serverCores: around(0.5),
  proxyCores: around(0.25),
  proxyWorkers: 1,
  nodes: 3,
  nodesFor: 'cpu',
  sizes: { low: { nodes: 2, workers: 1 }, high: { nodes: 5, workers: 2 } },
  scaling: { contention: 0.123, times: 2.41 },
  memoryBytes: around(200_000_000),
  proxyMemoryBytes: around(40_000_000),
  kernelBytes: 3_000_000,
  connections: 1234,
  firstLimit: { what: 'proxy-ports', clients: exactly(28_232) },
  stormSeconds: around(2.5),
  stormBy: 'proxy-cpu',
  extrapolation: { times: 1, of: 'clients' },
});
const {
  proxyCores: _,
  proxyWorkers: _____,
  proxyMemoryBytes: ____,
  pollIntervalMs: __,
  tolerance: ___,
  ...plain
} = polling;
const socket: Prediction = {
  ...plain,
  transport: 'websocket',
  longestStaleness: around(30),
  fanOutMs: around(4),
  requestsPerSecond: exactly(0),
  staleFraction: 0,
  nodes: 1000,
  nodesFor: 'given',
  sizes: { low: { nodes: 1000, workers: 1 }, high: { nodes: 1000, workers: 1 } },
  scaling: { contention: 0, times: 1000 },
  firstLimit: { what: 'node-core', clients: around(12_345) },
  stormBy: 'round-trips',
  extrapolation: { times: 2.04, of: 'deliveriesPerSecond' },
};

/** Key, title and cells of each line, by groups. */
function linesOf(predictions: readonly Prediction[]) {
  return predictionGroups(predictions).map(({ title, rows }) => [
    title,
    ...rows.map(({ key, title: line, cells }) => [key, line, ...cells.map(cellText)]),
  ]);
}

test('every number of both, with its interval or what decides it', () => {
  assert.deepEqual(linesOf([polling, socket]), [
    [
      'What clients see',
      ['interval', 'Asks every', '1.5 s', '–'],
      ['latency.mean', 'Delivery latency, mean', '20.0 ms (18–22)', '20.0 ms (18–22)'],
      ['latency.p50', 'Delivery latency, p50', '19.0 ms (17.1–20.9)', '19.0 ms (17.1–20.9)'],
      ['latency.p95', 'Delivery latency, p95', '1.50 s (1.35–1.65)', '1.50 s (1.35–1.65)'],
      ['fanOut', 'Of the mean, waiting for sends to others', '–', '4.00 ms (3.60–4.40)'],
      ['staleness.mean', 'An update is unknown for, mean', '21.0 ms (18.9–23.1)', '21.0 ms (18.9–23.1)'],
      ['staleness.p50', 'An update is unknown for, p50', '22.0 ms (19.8–24.2)', '22.0 ms (19.8–24.2)'],
      ['staleness.p95', 'An update is unknown for, p95', '23.0 ms (20.7–25.3)', '23.0 ms (20.7–25.3)'],
      ['staleness.longest', 'An update is unknown for, at most', '1.98 s', '30.0 ms (27–33)'],
      ['tolerance', 'Within the tolerance', 'yes', '–'],
      ['stale', 'Time with a stale view', '12.3%', '0%'],
    ],
    [
      'On the network',
      ['requests', 'Polls a second', '2,000 (1,800–2,200)', '–'],
      ['empty', 'Polls that bring nothing', 'under 0.01%', '–'],
      ['deliveries', 'Deliveries a second', '100 (90–110)', '100 (90–110)'],
      ['publishes', 'Messages of clients a second', '7 (POSTs)', '7 (frames)'],
      ['wire.down', 'On the wire, down', '3.00 Mbit/s (2.70–3.30)', '3.00 Mbit/s (2.70–3.30)'],
      ['wire.up', 'On the wire, up', '1.00 Mbit/s (0.900–1.10)', '1.00 Mbit/s (0.900–1.10)'],
      // 4 Mbit/s for 730 hours.
      ['month', 'In a month, both ways', '1.31 TB (1.18–1.45)', '1.31 TB (1.18–1.45)'],
      ['layer.updates', 'Of that, updates', '12.5%', '12.5%'],
      ['layer.framing', 'Of that, framing and headers', '50%', '50%'],
      ['layer.tls', 'Of that, TLS', '2.50%', '2.50%'],
      ['layer.packets', 'Of that, TCP, IP and Ethernet', '35%', '35%'],
      ['connections', 'Connections', '1,234', '1,234'],
    ],
    [
      'What servers need',
      ['cores.server', 'Cores of the nodes', '0.500 (0.450–0.550)', '0.500 (0.450–0.550)'],
      ['cores.proxy', 'Cores of NGINX', '0.250 (0.225–0.275)', '–'],
      ['cores', 'Cores in all', '0.750 (0.675–0.825)', '–'],
      ['memory.process', 'Memory of the nodes', '200 MB (180–220)', '200 MB (180–220)'],
      ['memory.proxy', 'Memory of NGINX', '40.0 MB (36–44)', '–'],
      ['memory.kernel', 'Memory of the kernel', '3.00 MB', '3.00 MB'],
      ['memory', 'Memory in all', '243 MB (219–267)', '203 MB (183–223)'],
    ],
    [
      'How many, and how far',
      ['nodes', 'Nodes', '3 (2–5, for CPU)', '1,000 (as given)'],
      ['scaling', 'They carry the load of one', '2.4 times', '1,000 times'],
      ['workers', 'Workers of NGINX', '1 (1–2)', '–'],
      ['limit', 'Clients until they are full', '28,000 (NGINX ports)', '12,000 (11,000–14,000, node CPU)'],
      ['storm', 'All reconnected within', '2.50 s (2.25–2.75, NGINX CPU)', '2.50 s (2.25–2.75, round trips)'],
      ['extrapolation', 'Beyond the calibration', 'no', '2.0 times (deliveries)'],
    ],
  ]);
});

test('where numbers hold stands beside each group', () => {
  const holds = predictionGroups([polling]).map((group) => group.holds);
  assert.match(
    holds[0]!,
    /holds anywhere but for the wait for sends to others, which is CPU time of the calibrated machine$/,
  );
  assert.match(holds[1]!, /holds anywhere/);
  assert.match(holds[2]!, /elsewhere it says no more than how transports compare$/);
  assert.match(holds[3]!, /^for the calibrated machine alone/);
});

describe('rows', () => {
  const rowOf = (key: string, predictions: readonly Prediction[]) =>
    predictionGroups(predictions)
      .flatMap(({ rows }) => rows)
      .find((row) => row.key === key);
  const cell = (key: string, altered: Partial<Prediction>) => {
    const found = rowOf(key, [{ ...polling, ...altered }])?.cells[0];
    return found && cellText(found);
  };

  test('are left out where no transport has one', () => {
    const found = { ...socket, publishesPerSecond: 0, fanOutMs: exactly(0), nodes: 1 };
    const absent = [
      'interval',
      'tolerance',
      'requests',
      'empty',
      'cores.proxy',
      'cores',
      'workers',
      'scaling',
      'fanOut',
    ];
    for (const key of [...absent, 'publishes']) assert.equal(rowOf(key, [found]), undefined, key);
  });
  test('of staleness are left out where it is the latency, and those of latency say so', () => {
    const same = { ...polling, staleness: times };
    assert.equal(rowOf('staleness.mean', [same]), undefined);
    assert.equal(rowOf('latency.p95', [same])?.title, 'Delivery latency and staleness, p95');
    assert.ok(rowOf('staleness.mean', [same, polling]));
  });
  test('a tolerance that is not kept, or not surely', () => {
    assert.equal(cell('tolerance', { tolerance: 'missed' }), 'no');
    assert.equal(cell('tolerance', { tolerance: 'likely' }), 'probably');
    assert.equal(cell('tolerance', { tolerance: 'unlikely' }), 'probably not');
  });
  test('the core of NGINX', () => {
    assert.equal(cell('limit', { firstLimit: { what: 'proxy-core', clients: exactly(999) } }), '1,000 (NGINX CPU)');
  });
  test('nodes for ports, and one', () => {
    const sizes = { low: { nodes: 3, workers: 1 }, high: { nodes: 3, workers: 1 } };
    assert.equal(cell('nodes', { nodesFor: 'ports', sizes }), '3 (NGINX ports)');
    assert.equal(cell('nodes', { nodes: 1, nodesFor: 'one', sizes }), '1');
  });
  test('a share of 0.01% is told', () => assert.equal(cell('empty', { emptyShare: 0.0001 }), '0.0100%'));
  test('what was not calibrated', () => {
    const extrapolation = { times: Number.POSITIVE_INFINITY, of: 'publishesPerSecond' } as const;
    assert.equal(cell('extrapolation', { extrapolation }), 'unknown (publishes)');
  });
  test('a latency without end is left out, and one that may have none says so', () => {
    const without = { ...times, mean: exactly(Number.POSITIVE_INFINITY) };
    assert.equal(cell('latency.mean', { latency: without }), undefined);
    const open = { ...times, mean: { ...around(20), high: Number.POSITIVE_INFINITY } };
    assert.equal(cell('latency.mean', { latency: open }), '20.0 ms (18 or more)');
  });
});
