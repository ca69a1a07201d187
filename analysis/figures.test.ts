import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../results/schema.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { knowsPercentile } from './figure.ts';
import { type FigureKey, figureKeys, figureOf, figures, formatFigure } from './figures.ts';

const { record, trials } = syntheticRun({ repeats: 1 });
const scenario = { ...record.plan.scenarios[0]!.scenario, clients: 10 };
const first = trials[0] as CompletedTrial;

const trial: CompletedTrial = {
  ...first,
  window: { ...first.window, durationMs: 30_000 },
  updates: { ...first.updates, accepted: 50 },
  ledger: { ...first.ledger, received: 500 },
  bytes: {
    ...first.bytes,
    down: { encodedUpdateBytes: 1_000, framingBytes: 5_500, drainFramingBytes: 500, surplusUpdateBytes: 0 },
    up: { encodedUpdateBytes: 200, framingBytes: 4_100, drainFramingBytes: 100, surplusUpdateBytes: 0 },
  },
  counts: { ...first.counts, requests: 330, drainRequests: 30, emptyAnswers: 33 },
  processes: (['server', 'server', 'load', 'relay'] as const).map((role, index) => ({
    ...first.processes[0]!,
    role,
    cpuWindowMs: 60 * (index + 1),
    cpuDrainMs: 1e6,
    rssBytes: 1_900,
    connectedRssBytes: 1_500,
    idleRssBytes: 1_000,
    eventLoopUtilization: 0.1 * (index + 1),
  })),
};

function figure(key: FigureKey, changed: Partial<CompletedTrial> = {}): number | undefined {
  return figureOf(key, { trial: { ...trial, ...changed }, scenario });
}

function near(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test('bytes are those of the window, per client and minute, and the layers add up', () => {
  near(figure('bytes.down.updates'), 200);
  near(figure('bytes.down.framing'), 1_000);
  near(figure('bytes.up.updates'), 40);
  near(figure('bytes.up.framing'), 800);
  near(figure('bytes.total'), 2_040);
  near(figure('bytes.update'), 10_200 / 50);
});

test('what TLS adds is a layer between, counted in the totals, without polls after the window', () => {
  const tls = { setUpUp: 5_000, setUpDown: 15_000, windowUp: 660, windowDown: 2_200, drainUp: 60, drainDown: 200 };
  const bytes = { ...trial.bytes, tls };
  const counts = { ...trial.counts, connections: 10 };
  near(figure('bytes.tls', { bytes }), (600 + 2_000) / 5);
  near(figure('bytes.total', { bytes }), 2_040 + 520);
  near(figure('bytes.down', { bytes }), 1_200 + 400);
  near(figure('bytes.up', { bytes }), 840 + 120);
  near(figure('bytes.update', { bytes }), (10_200 + 2_600) / 50);
  near(figure('bytes.setUp.tls', { bytes, counts }), 2_000);
  for (const key of ['bytes.tls', 'bytes.setUp.tls'] as const) assert.equal(figure(key), undefined);
});

test('CPU of connecting is apart from the window, per connection, and unknown in records that do not tell it', () => {
  const processes = trial.processes.map((each) => ({ ...each, cpuConnectMs: 20 }));
  near(figure('cpu.serving.setUp', { processes, counts: { ...trial.counts, connections: 10 } }), 4);
  assert.equal(figure('cpu.serving.setUp'), undefined);
});

test('CPU is that of the window, of all processes with the role', () => {
  near(figure('cpu.serving'), 180 / 30);
  near(figure('cpu.serving.update'), 180 / 50);
  near(figure('cpu.serving.delivery'), 180 / 500);
  near(figure('cpu.load'), 180 / 30);
  near(figure('cpu.relay'), 240 / 30);
  assert.equal(figure('cpu.source'), undefined);
  near(figure('elu.server'), 0.2);
});

test('memory is per client, and left out where the clients are too few to carry it', () => {
  const many = { ...scenario, clients: 1_000 };
  near(figureOf('memory.server', { trial, scenario: many }), 1);
  assert.equal(figure('memory.server'), undefined);
  const servers = trial.processes.filter(({ role }) => role === 'server');
  const grown = servers.reduce((sum, { rssBytes, idleRssBytes }) => sum + rssBytes - idleRssBytes, 0);
  near(figureOf('memory.server.end', { trial, scenario: many }), grown / 1_000);
});

test('requests and connections are per client', () => {
  near(figure('requests'), 60);
  // Of the polls: the others of the 300 requests are publishes.
  near(figure('requests.empty'), 33 / (300 - trial.updates.published));
  near(figure('connections'), first.counts.connections / 10);
});

test('p99.9 is stated only with ten independent updates beyond it', () => {
  assert.equal(figure('latency.p999', { updates: { ...trial.updates, accepted: 9_999 } }), undefined);
  const known = figure('latency.p999', { updates: { ...trial.updates, accepted: 10_000 } });
  const { p99Ms, maxMs } = trial.latency.delivery;
  // A percentile is the upper end of its step.
  assert.ok(known !== undefined && known >= p99Ms && known <= maxMs * 1.001, `${known}`);
  assert.ok(knowsPercentile({ ...trial, updates: { ...trial.updates, accepted: 1_000 } }, 0.99));
  assert.ok(!knowsPercentile({ ...trial, updates: { ...trial.updates, accepted: 999 } }, 0.99));
});

test('what does not exist is no number', () => {
  assert.equal(figure('requests.empty', { counts: { ...trial.counts, requests: 0 } }), undefined);
  assert.equal(figure('cpu.serving.update', { updates: { ...trial.updates, accepted: 0 } }), undefined);
  assert.equal(figureOf('latency.uplink', { trial: trials.at(-1) as CompletedTrial, scenario }), undefined);
  assert.equal(formatFigure('latency.uplink', undefined), '–');
});

test('every figure of every trial is a finite number or absent, and can be written', () => {
  for (const completed of trials) {
    for (const key of figureKeys) {
      const planned = record.plan.scenarios.find((each) => each.scenario.name === completed.scenario)!;
      const value = figureOf(key, { trial: completed as CompletedTrial, scenario: planned.scenario });
      assert.ok(value === undefined || Number.isFinite(value), key);
      assert.ok(formatFigure(key, value).length <= 12, `${key}: ${formatFigure(key, value)}`);
    }
  }
  assert.equal(new Set(figureKeys.map((key) => figures[key].title)).size, figureKeys.length);
});

test('serving is more than nodes where a proxy or a backplane takes part, and each is told apart', () => {
  const roles = ['server', 'server', 'proxy', 'backplane', 'load'] as const;
  const processes = roles.map((role, index) => ({
    ...first.processes[0]!,
    role,
    cpuWindowMs: 10 ** index,
    cpuConnectMs: 10 ** index,
  }));
  near(figure('cpu.serving.update', { processes }), 1_111 / 50);
  near(figure('cpu.serving.delivery', { processes }), 1_111 / 500);
  near(figure('cpu.serving', { processes }), 1_111 / 30);
  near(figure('cpu.serving.client', { processes }), 1_111 / 5);
  near(figure('cpu.serving.setUp', { processes, counts: { ...trial.counts, connections: 10 } }), 111.1);
  near(figure('cpu.nodes.update', { processes }), 11 / 50);
  near(figure('cpu.nodes', { processes }), 11 / 30);
  near(figure('cpu.proxy.update', { processes }), 100 / 50);
  near(figure('cpu.backplane.update', { processes }), 1_000 / 50);
  assert.match(figures['cpu.serving.update'].note!, /nodes, proxy and backplane together/);
  // On a direct path they would be the same figure again, or none.
  for (const key of ['cpu.nodes', 'cpu.nodes.update', 'cpu.proxy.update', 'cpu.backplane.update'] as const) {
    assert.equal(figure(key), undefined, key);
  }
});

test('what one question costs is without the updates, and streams are not asked', () => {
  near(figure('bytes.request.up'), 4_000 / 300);
  near(figure('bytes.request.down'), 5_000 / 300);
  for (const transport of ['sse', 'websocket'] as const) {
    assert.equal(figure('bytes.request.up', { transport }), undefined);
  }
});

test('what compression gained is told where the path compresses', () => {
  const { down, up } = trial.bytes;
  const bytes = {
    ...trial.bytes,
    down: { ...down, uncompressedUpdateBytes: 4_000 },
    up: { ...up, uncompressedUpdateBytes: 400 },
  };
  near(figure('bytes.down.compressed', { bytes }), 0.25);
  near(figure('bytes.up.compressed', { bytes }), 0.5);
  assert.equal(figure('bytes.down.compressed'), undefined);
});
