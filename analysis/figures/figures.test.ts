import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import {
  emptyHistogram,
  plainHistogram,
  plainProcess,
  plainScenario,
  plainTrial,
} from '../../testing/by-hand/plain-trial.ts';
import { type FigureKey, figureKeys, figureOf, figures, formatFigure } from './figures.ts';
import type { Unit } from './format.ts';

const plain = plainTrial();
const packetsOf = (packets: number, headerBytes: number, retransmittedSegments: number) => ({
  packets,
  frameBytes: 1_000_000,
  headerBytes,
  computedHeaderBytes: 1_000_001,
  retransmittedSegments,
  lostPackets: 1_000,
});

/** A trial with every figure and no two equal numbers. 10 clients for 30 s are 5 client minutes. */
const trial = plainTrial({
  transport: 'long-polling',
  updates: { ...plain.updates, accepted: 50, published: 51, publishedInputs: 10 },
  ledger: { ...plain.ledger, expected: 1_000, received: 500, conflated: 250 },
  latency: {
    delivery: plainHistogram({ count: 500, meanMs: 11, p50Ms: 12, p90Ms: 13, p95Ms: 13.5, p99Ms: 14, maxMs: 15 }),
    downlink: plainHistogram({ count: 500, meanMs: 21, p50Ms: 22, p90Ms: 23, p99Ms: 24, maxMs: 25 }),
    uplink: plainHistogram({ count: 50, meanMs: 31, p50Ms: 32, p90Ms: 33, p99Ms: 34, maxMs: 35 }),
    setUp: plainHistogram({ count: 10, meanMs: 41, p50Ms: 42, p90Ms: 43, p99Ms: 44, maxMs: 45 }),
  },
  staleFraction: 0.25,
  meanStalenessMs: 8,
  bytes: {
    ...plain.bytes,
    down: {
      encodedUpdateBytes: 1_000,
      surplusUpdateBytes: 100,
      framingBytes: 5_500,
      drainFramingBytes: 500,
      uncompressedUpdateBytes: 4_000,
    },
    up: {
      encodedUpdateBytes: 210,
      surplusUpdateBytes: 10,
      framingBytes: 4_100,
      drainFramingBytes: 100,
      uncompressedUpdateBytes: 420,
    },
    tls: { setUpUp: 5_000, setUpDown: 15_000, windowUp: 660, windowDown: 2_200, drainUp: 60, drainDown: 200 },
    packets: {
      window: { down: packetsOf(100, 6_600, 3), up: packetsOf(50, 3_300, 2) },
      setUp: { down: packetsOf(40, 1, 9), up: packetsOf(60, 2, 8) },
    },
    setUpUpBytes: 2_000,
    setUpDownBytes: 3_000,
  },
  counts: {
    ...plain.counts,
    requests: 300,
    drainRequests: 30,
    emptyAnswers: 26,
    intendedPolls: 400,
    skippedPolls: 8,
    connections: 20,
    reconnects: 4,
    heartbeats: 9,
  },
  setUpMs: 46,
  hostCpuWindowMs: 120,
  kernelSlabBytes: { idle: 50_000_000, connected: 68_000_000 },
  broadcasts: {
    delivery: plainHistogram({ count: 30 }),
    sent: [30, 90, 40].map((lastMs, i) => ({ atMs: i * 100, clients: 10, lastMs })),
  },
  clientWork: { medianUs: 125, echoes: 400 },
  processes: [
    plainProcess({ role: 'server', cpuWindowMs: 60, cpuConnectMs: 20, eventLoopUtilization: 0.3 }),
    plainProcess({ role: 'server', cpuWindowMs: 30, cpuConnectMs: 10, eventLoopUtilization: 0.2 }),
    plainProcess({ role: 'proxy', cpuWindowMs: 15, cpuConnectMs: 6, eventLoopUtilization: 0.9 }),
    plainProcess({ role: 'backplane', cpuWindowMs: 5, cpuConnectMs: 4, eventLoopUtilization: 0.8 }),
    plainProcess({ role: 'load', cpuWindowMs: 200, cpuConnectMs: 1_000, eventLoopUtilization: 0.4 }),
    plainProcess({ role: 'relay', cpuWindowMs: 70, cpuConnectMs: 1_000, eventLoopUtilization: 0.5 }),
    plainProcess({ role: 'source', cpuWindowMs: 11, cpuConnectMs: 1_000, eventLoopUtilization: 0.6 }),
  ],
  proxy: { version: '1', configuration: null, workers: 1, clientsByNode: [5, 5], upstreamConnections: 33 },
});

function figure(key: FigureKey, changed: Partial<CompletedTrial> = {}, clients = 10): number | undefined {
  return figureOf(key, { trial: { ...trial, ...changed }, scenario: { ...plainScenario, clients } });
}

function near(actual: number | undefined, expected: number, what = ''): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < 1e-9 * expected,
    `${what} ${actual} is not ${expected}`,
  );
}

/** Worked out by hand, in the order of the figures; `undefined`: unknown in this trial. */
const worked: Readonly<Record<FigureKey, number | undefined>> = {
  'latency.p50': 12,
  'latency.p90': 13,
  'latency.p95': 13.5,
  'latency.p99': 14,
  'latency.p999': undefined,
  'latency.mean': 11,
  'latency.max': 15,
  'latency.broadcast': 40,
  'latency.uplink': 32,
  'latency.downlink': 22,
  stale: 0.25,
  staleness: 8,
  'bytes.total': (900 + 5_000 + 2_000 + 200 + 4_000 + 600) / 5,
  'bytes.down': (900 + 5_000 + 2_000) / 5,
  'bytes.up': (200 + 4_000 + 600) / 5,
  'bytes.down.updates': 900 / 5,
  'bytes.down.framing': 5_000 / 5,
  'bytes.up.updates': 200 / 5,
  'bytes.up.framing': 4_000 / 5,
  'bytes.tls': 2_600 / 5,
  'bytes.request.up': 4_000 / 270,
  'bytes.request.down': 5_000 / 270,
  'bytes.down.compressed': 0.25,
  'bytes.up.compressed': 0.5,
  'bytes.update': 12_700 / 50,
  // A tenth of the requests came after the window.
  'bytes.packets': (9_900 * 0.9) / 5,
  'bytes.wire': (9_900 * 0.9 + 12_700) / 5,
  'bytes.wire.down': (6_600 * 0.9 + 7_900) / 5,
  'bytes.wire.up': (3_300 * 0.9 + 4_800) / 5,
  'bytes.setUp': 500,
  'bytes.setUp.tls': 1_000,
  'cpu.serving.update': 110 / 50,
  'cpu.serving.delivery': 110 / 500,
  'cpu.serving': 110 / 30,
  'cpu.serving.client': 110 / 5,
  'cpu.serving.setUp': 40 / 20,
  'cpu.host': 4,
  'cpu.host.update': 2.4,
  'cpu.load': 200 / 30,
  'cpu.relay': 70 / 30,
  'cpu.source': 11 / 30,
  'cpu.nodes': 3,
  'cpu.nodes.update': 1.8,
  'cpu.proxy': 0.5,
  'cpu.proxy.update': 0.3,
  'cpu.backplane': 5 / 30,
  'cpu.backplane.update': 0.1,
  'memory.server': undefined,
  'memory.server.end': undefined,
  'memory.load': undefined,
  'memory.kernel': undefined,
  'latency.client': 0.125,
  // Nothing is pinned: each process counts alone, without the kernel's 120 ms.
  'core.load': 0.2 / 30,
  'core.source': 0.011 / 30,
  'core.server': 0.06 / 30,
  'elu.server': 0.3,
  'elu.load': 0.4,
  'elu.relay': 0.5,
  'elu.source': 0.6,
  packets: (150 * 0.9) / 5,
  'packets.again': 5 / 150,
  requests: 270 / 5,
  // 270 requests, 10 of which published inputs.
  'requests.empty': 26 / 260,
  'polls.skipped': 0.02,
  connections: 2,
  'connections.upstream': 33,
  'packets.setUp': 5,
  reconnects: 4,
  heartbeats: 9,
  conflated: 0.25,
  'setUp.client': 42,
  'setUp.all': 46,
  'setUp.rate': undefined,
};

test('every figure of a complete trial matches the value worked out by hand', () => {
  assert.deepEqual(figureKeys, Object.keys(worked));
  for (const key of figureKeys) {
    const expected = worked[key];
    if (expected === undefined) assert.equal(figure(key), undefined, key);
    else near(figure(key), expected, key);
  }
});

test('one delivery is enough for a staleness', () => {
  const single: CompletedTrial = { ...trial, ledger: { ...trial.ledger, received: 1 } };
  assert.equal(figureOf('staleness', { trial: single, scenario: plainScenario }), trial.meanStalenessMs);
});

test('figures that a trial lacks are undefined', () => {
  const without: readonly (readonly [Partial<CompletedTrial>, readonly FigureKey[]])[] = [
    [{ latency: { ...trial.latency, uplink: emptyHistogram } }, ['latency.uplink']],
    [{ ledger: { ...trial.ledger, received: 0 } }, ['staleness', 'cpu.serving.delivery']],
    [{ updates: { ...trial.updates, accepted: 0 } }, ['bytes.update', 'cpu.serving.update', 'cpu.host.update']],
    [
      { bytes: { ...trial.bytes, packets: null } },
      ['bytes.packets', 'bytes.wire', 'bytes.wire.down', 'bytes.wire.up', 'packets', 'packets.again', 'packets.setUp'],
    ],
    [{ bytes: { ...trial.bytes, tls: undefined } }, ['bytes.tls', 'bytes.setUp.tls']],
    [{ hostCpuWindowMs: null }, ['cpu.host', 'cpu.host.update']],
    [{ transport: 'sse' }, ['bytes.request.up', 'bytes.request.down', 'requests.empty']],
    [{ proxy: undefined }, ['connections.upstream']],
    [{ clientWork: undefined }, ['latency.client']],
    [{ counts: { ...trial.counts, connections: 0 } }, ['cpu.serving.setUp', 'bytes.setUp.tls', 'packets.setUp']],
    [{ counts: { ...trial.counts, intendedPolls: 0 } }, ['polls.skipped']],
    [{ ledger: { ...trial.ledger, expected: 0 } }, ['conflated', 'stale']],
  ];
  for (const [changed, keys] of without) {
    for (const key of keys) assert.equal(figure(key, changed), undefined, key);
  }
});

test('no latency and no staleness is reported of a window that stalls fill, nor where everything was disturbed', () => {
  const recorder = createRecorder();
  recorder.record(1_000);
  const encoded = recorder.encoded();
  const latency = { ...trial.latency, delivery: { ...trial.latency.delivery, encoded } };
  const updates = { ...trial.updates, accepted: 1e6 };
  const calm = { gapMs: 0, gaps: [], lateMs: 1, lateUpdates: 0 };
  const stalled = { ...calm, gapMs: trial.window.durationMs, undisturbed: { ...emptyHistogram, encoded } };
  for (const key of figureKeys.filter((each) => figures[each].group === 'freshness')) {
    assert.notEqual(figure(key, { latency, updates, stalls: calm }), undefined, key);
    assert.equal(figure(key, { latency, updates, stalls: stalled }), undefined, key);
  }
  for (const key of ['bytes.total', 'cpu.serving', 'setUp.client'] as const) {
    assert.equal(figure(key, { stalls: stalled }), figure(key), key);
  }
});

test('staleness goes with the mean of the latency, not with its longest value', () => {
  const { delivery } = trial.latency;
  const stalls = (undisturbed: Partial<typeof delivery>) => ({
    ...{ gapMs: 0, gaps: [], lateMs: 1, lateUpdates: 0 },
    undisturbed: { ...delivery, ...undisturbed },
  });
  for (const key of ['stale', 'staleness'] as const) {
    assert.equal(figure(key, { stalls: stalls({ meanMs: delivery.meanMs / 2 }) }), undefined, key);
    assert.notEqual(figure(key, { stalls: stalls({ maxMs: delivery.maxMs / 2 }) }), undefined, key);
  }
  assert.notEqual(figure('stale', { ledger: { ...trial.ledger, expected: 1 } }), undefined);
});

test('the 99.9th percentile is stated only with ten independent updates beyond it', () => {
  const recorder = createRecorder();
  for (let ms = 1; ms <= 1_000; ms++) recorder.record(ms * 1_000);
  const delivery = { ...trial.latency.delivery, encoded: recorder.encoded() };
  const of = (accepted: number) =>
    figure('latency.p999', {
      latency: { ...trial.latency, delivery },
      updates: { ...trial.updates, accepted },
    });
  assert.equal(of(9_999), undefined);
  // The upper end of a step of the histogram, which keeps three digits.
  const known = of(10_000)!;
  assert.ok(known >= 999 && known < 1_000, `${known}`);
});

test("memory is the growth of a role's processes, per client, from a thousand clients on", () => {
  const grown = { idleRssBytes: 1_000_000, connectedRssBytes: 6_000_000, rssBytes: 9_000_000 };
  const processes = [
    plainProcess({ role: 'server', ...grown }),
    plainProcess({ role: 'server', ...grown }),
    plainProcess({ role: 'load', ...grown, connectedRssBytes: 4_000_000 }),
  ];
  const of = (key: FigureKey, clients: number) => figure(key, { processes }, clients);
  assert.deepEqual(
    (['memory.server', 'memory.server.end', 'memory.load'] as const).map((key) => of(key, 1_000)),
    [10_000, 16_000, 3_000],
  );
  assert.equal(of('memory.server', 999), undefined);
});

test('kernel memory and the rate of connecting are of a thousand clients on, the one also unknown in older records', () => {
  assert.deepEqual(
    (['memory.kernel', 'setUp.rate'] as const).map((key) => figure(key, { setUpMs: 400 }, 1_000)),
    [18_000, 2_500],
  );
  const { kernelSlabBytes: _, ...older } = trial;
  const scenario = { ...plainScenario, clients: 1_000 };
  assert.equal(figureOf('memory.kernel', { trial: older, scenario }), undefined);
  assert.equal(figure('memory.kernel', { kernelSlabBytes: { idle: null, connected: 5 } }, 1_000), undefined);
});

test('on a direct path there is no separate figure of the nodes', () => {
  const processes = [plainProcess({ role: 'server', cpuWindowMs: 60 }), plainProcess({ role: 'load' })];
  near(figure('cpu.serving', { processes }), 2);
  for (const key of ['cpu.nodes', 'cpu.nodes.update', 'cpu.proxy', 'cpu.backplane'] as const) {
    assert.equal(figure(key, { processes }), undefined, key);
  }
});

test('each figure has its unit, its digits and a group; histogram figures have a resolution', () => {
  const blurred = figureKeys.filter((key) => figures[key].resolution === 0.001);
  assert.deepEqual(blurred, [
    'latency.p50',
    'latency.p90',
    'latency.p95',
    'latency.p99',
    'latency.p999',
    'latency.mean',
    'latency.max',
    'latency.uplink',
    'latency.downlink',
    'setUp.client',
  ]);
  assert.ok(figureKeys.every((key) => figures[key].digits === (/^(elu|core)\./.test(key) ? 2 : 3)));
  const of = (unit: Unit) => figureKeys.filter((key) => figures[key].unit === unit);
  assert.deepEqual(of('ms/s'), [
    'cpu.serving',
    'cpu.host',
    'cpu.load',
    'cpu.relay',
    'cpu.source',
    'cpu.nodes',
    'cpu.proxy',
    'cpu.backplane',
  ]);
  assert.deepEqual(of('share'), [
    'stale',
    'bytes.down.compressed',
    'bytes.up.compressed',
    'core.load',
    'core.source',
    'core.server',
    'elu.server',
    'elu.load',
    'elu.relay',
    'elu.source',
    'packets.again',
    'requests.empty',
    'polls.skipped',
    'conflated',
  ]);
  assert.deepEqual(of('count'), [
    'packets',
    'requests',
    'connections',
    'connections.upstream',
    'packets.setUp',
    'reconnects',
    'heartbeats',
    'setUp.rate',
  ]);
  assert.ok(of('bytes').every((key) => key.startsWith('bytes.') || key.startsWith('memory.')));
  assert.equal(of('bytes').length, 21);
  assert.equal(of('ms').length, 22);
  const groups = ['freshness', 'bytes', 'cpu', 'memory', 'load', 'counts'];
  const sizes = groups.map((group) => [group, figureKeys.filter((key) => figures[key].group === group).length]);
  assert.deepEqual(sizes, [
    ['freshness', 12],
    ['bytes', 19],
    ['cpu', 16],
    ['memory', 4],
    ['load', 8],
    ['counts', 14],
  ]);
});

test('titles are unique, and short ones are shorter', () => {
  assert.equal(new Set(figureKeys.map((key) => figures[key].title)).size, figureKeys.length);
  assert.equal(new Set(figureKeys.map((key) => figures[key].short)).size, figureKeys.length);
  for (const key of figureKeys) {
    assert.ok(figures[key].short.length <= figures[key].title.length, key);
    assert.match(figures[key].title, /^[A-Z]/);
  }
  assert.equal(figures['bytes.down'].title, 'Bytes at the sockets down, per client and minute');
  assert.equal(figures['memory.load'].title, 'Memory of the load clients (RSS beyond idle), per client');
  assert.equal(figures['cpu.serving.client'].title, 'Server CPU, per client and minute');
  assert.equal(figures['elu.load'].title, 'Event loop of the load clients, busiest process');
});

test('a figure is written with its unit, and a dash stands for an unknown one', () => {
  assert.equal(formatFigure('latency.p50', 41.26), '41.3 ms');
  assert.equal(formatFigure('bytes.total', 12_921), '12.9 kB');
  assert.equal(formatFigure('elu.server', 0.5214), '52%');
  assert.equal(formatFigure('latency.uplink', undefined), '–');
  assert.equal(formatFigure('reconnects', 0), '0');
});
