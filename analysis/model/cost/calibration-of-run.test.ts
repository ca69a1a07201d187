import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CompletedTrial, PlannedScenario, Run } from '../../../results/schema/schema.ts';
import { plainPlan, plainRecord } from '../../../testing/by-hand/plain-run.ts';
import { plainHistogram, plainProcess, plainScenario, plainTrial } from '../../../testing/by-hand/plain-trial.ts';
import { syntheticRun } from '../../../testing/synthetic/synthetic.ts';
import { fanOutMs } from '../freshness/fan-out.ts';
import { calibrationOf, NoCalibration, paceTogether, workOf } from './calibration-of-run.ts';

/** Windows of six workloads over WebSocket, whose costs are 10 ms, 0.02 ms a client and 0.01 ms a delivery, in a second. */
const workloads = [
  { clients: 100, channels: 10, perSecond: 2 },
  { clients: 200, channels: 10, perSecond: 1 },
  { clients: 400, channels: 40, perSecond: 5 },
  { clients: 800, channels: 10, perSecond: 0.5 },
  { clients: 50, channels: 50, perSecond: 20 },
  { clients: 1000, channels: 500, perSecond: 3 },
];

const seconds = 30;

function plannedOf({ clients, channels, perSecond }: (typeof workloads)[number]): PlannedScenario {
  return {
    ...plainPlan,
    point: { clients },
    scenario: { ...plainScenario, clients, channels, arrivals: { kind: 'constant', perSecond } },
  };
}

/** Of 0.01 ms, one after the other; `times`: where everything takes so many times as long. */
function sendsMs({ clients, channels, perSecond }: (typeof workloads)[number], times = 1): number {
  return fanOutMs([{ readers: clients / channels, sendMs: 0.01 * times, updatesPerSecond: channels * perSecond }]);
}

function trialOf(
  { clients, channels, perSecond }: (typeof workloads)[number],
  altered: Partial<CompletedTrial> = {},
): CompletedTrial {
  const usual = plainTrial();
  const received = clients * perSecond * seconds;
  const accepted = channels * perSecond * seconds;
  const meanMs = 1 + sendsMs({ clients, channels, perSecond });
  return plainTrial({
    point: { clients },
    updates: { ...usual.updates, intended: accepted, published: accepted, accepted },
    ledger: { ...usual.ledger, expected: received, received },
    latency: {
      ...usual.latency,
      delivery: plainHistogram({ count: received, meanMs, p50Ms: meanMs, p90Ms: meanMs, p99Ms: meanMs, maxMs: meanMs }),
    },
    lateness: { ...usual.lateness, source: plainHistogram({ count: accepted, meanMs: 0.4 }) },
    bytes: {
      ...usual.bytes,
      down: { encodedUpdateBytes: 0, framingBytes: 0, drainFramingBytes: 0, surplusUpdateBytes: 0 },
      up: { encodedUpdateBytes: 0, framingBytes: 0, drainFramingBytes: 0, surplusUpdateBytes: 0 },
      setUpUpBytes: 200 * clients,
      setUpDownBytes: 300 * clients,
    },
    counts: { ...usual.counts, connections: clients },
    kernelSlabBytes: { idle: 1_000_000, connected: 1_000_000 + 5000 * clients },
    kernelSocketBytes: { idle: 0, connected: 1000 * clients },
    processes: [
      plainProcess({
        role: 'server',
        cpuWindowMs: seconds * (10 + 0.02 * clients + 0.01 * clients * perSecond),
        cpuConnectMs: 0.3 * clients,
        connectedRssBytes: 50_000_000 + 2_000_000 + 8000 * clients,
      }),
      plainProcess({ role: 'load', cpuWindowMs: 200 }),
      plainProcess({ role: 'source', cpuWindowMs: 10 }),
    ],
    ...altered,
  });
}

function runOf(trials: readonly CompletedTrial[], scenarios = workloads.map(plannedOf)): Run {
  const plan = { ...plainRecord.plan, transports: ['websocket'] as const, scenarios, trials: trials.length };
  return { record: { ...plainRecord, plan: { ...plan, transports: ['websocket'] } }, trials };
}

function assertClose(what: string, found: number, expected: number, within = 1e-3): void {
  assert.ok(Math.abs(found - expected) <= within * Math.abs(expected) + 1e-9, `${what}: ${found}, not ${expected}`);
}

test('of several nodes, the costs of one', () => {
  const shared = workloads.map((workload) => {
    const [server, ...others] = trialOf({ ...workload, clients: workload.clients / 2 }).processes;
    return trialOf(workload, { processes: [server!, server!, ...others] });
  });
  const { server, memory } = calibrationOf(runOf(shared)).paths[0]!.transports.websocket!;
  assertClose('fixed', server.coefficients.fixed, 10);
  assertClose('client', server.coefficients.clients, 0.02);
  assertClose('delivery', server.coefficients.deliveries, 0.01);
  assertClose('fixed memory', memory.fixed, 52_000_000);
  assertClose('memory of a connection', memory.perUnit, 8000);
});

describe('what a run of known costs tells', () => {
  const calibration = calibrationOf(runOf(workloads.map((workload) => trialOf(workload))));
  const [path] = calibration.paths;
  const { server, memory, kernelBytesPerConnection, handlingMs, connect, proxy } = path!.transports.websocket!;

  test('where and when it was measured', () => {
    const { version, measuredAt, environment } = calibration;
    assert.deepEqual([version, measuredAt], ['1.0.0', plainRecord.startedAt]);
    assert.equal(environment.cpuModel, 'Plain CPU');
    assert.deepEqual([path!.route, path!.rttsMs, path!.network, path!.heads], [undefined, [0], 'loopback', undefined]);
    assert.deepEqual(Object.keys(path!.transports), ['websocket']);
  });

  test('CPU time', () => {
    assertClose('fixed', server.coefficients.fixed, 10);
    assertClose('client', server.coefficients.clients, 0.02);
    assertClose('delivery', server.coefficients.deliveries, 0.01);
    assert.equal(server.degrees, 5);
    assert.equal(proxy, undefined);
  });

  test('memory: 52 MB, and 8,000 bytes a connection', () => {
    assertClose('fixed', memory.fixed, 52_000_000);
    assertClose('connection', memory.perUnit, 8000);
  });

  test('of the kernel half, since each connection has two ends there', () => {
    assertClose('connection', kernelBytesPerConnection, 3000);
  });

  test('handling: a latency of 1 ms and the sends, without 0.4 ms of the source', () => {
    assertClose('handling', handlingMs, 0.6);
  });

  test('connecting', () => {
    const { cpuMs, upBytes, downBytes, proxyCpuMs } = connect;
    assertClose('cpu', cpuMs, 0.3);
    assert.deepEqual([upBytes, downBytes, proxyCpuMs], [200, 300, undefined]);
  });
});

describe('memory by connections', () => {
  const memoryOf = (run: Run, transport: 'websocket' | 'sse') =>
    calibrationOf(run).paths[0]!.transports[transport]!.memory;

  test('windows that share their processes count once', () => {
    const [first, ...others] = workloads.map((workload) => trialOf(workload));
    const again = { ...first!, window: { ...first!.window } };
    const memory = memoryOf(runOf([first!, again, again, ...others]), 'websocket');
    assert.equal(memory.degrees, workloads.length - 2);
    assertClose('mean', memory.meanUnits, workloads.reduce((sum, { clients }) => sum + clients, 0) / workloads.length);
  });

  test('clients that publish over HTTP have two', () => {
    const trials = workloads.map((workload) => trialOf(workload, { transport: 'sse' }));
    const scenarios = workloads.map((workload) => {
      const planned = plannedOf(workload);
      return { ...planned, scenario: { ...planned.scenario, origin: 'client' as const } };
    });
    const run = runOf(trials, scenarios);
    const plan = { ...run.record.plan, transports: ['sse' as const] };
    assertClose('connection', memoryOf({ ...run, record: { ...run.record, plan } }, 'sse').perUnit, 4000);
  });
});

test('handling is that of deliveries to the fewest readers', () => {
  const trials = workloads.map((workload) => {
    const trial = trialOf(workload);
    // Only the last but one has no more than one reader.
    const moreMs = workload.clients === workload.channels ? 0 : 0.3;
    const meanMs = trial.latency.delivery.meanMs + moreMs;
    const delivery = { ...trial.latency.delivery, meanMs, p50Ms: meanMs, p90Ms: meanMs, p99Ms: meanMs, maxMs: meanMs };
    return { ...trial, latency: { ...trial.latency, delivery } };
  });
  assertClose('handling', calibrationOf(runOf(trials)).paths[0]!.transports.websocket!.handlingMs, 0.6);
});

test('each transport has its own costs, from all distances', () => {
  const twice = workloads.map((workload) => {
    const trial = trialOf(workload, { transport: 'sse', path: { ...plainTrial().path, rttMs: 40 } });
    return { ...trial, processes: trial.processes.map((each) => ({ ...each, cpuWindowMs: 2 * each.cpuWindowMs })) };
  });
  const run = runOf([...twice, ...workloads.map((workload) => trialOf(workload))]);
  const plan = { ...run.record.plan, transports: ['websocket', 'sse'] as const };
  const [path] = calibrationOf({
    ...run,
    record: { ...run.record, plan: { ...plan, transports: [...plan.transports] } },
  }).paths;
  assert.deepEqual(path!.rttsMs, [0, 40]);
  assertClose('WebSocket', path!.transports.websocket!.server.coefficients.clients, 0.02);
  assertClose('SSE', path!.transports.sse!.server.coefficients.clients, 0.04);
});

test('costs are those at the mean pace, however fast the machine was in a trial', () => {
  const trials = workloads.map((workload, place) => {
    const trial = trialOf(workload);
    const times = place % 2 === 0 ? 0.5 : 2;
    const task = { core: 1, count: 100, medianUs: 1, cpuMs: 20 * times };
    return {
      ...trial,
      noise: { stealShare: null, strangerShare: null, throttledMs: null, spins: [], tasks: [task] },
      processes: trial.processes.map(({ cpuConnectMs, ...each }) => ({
        ...each,
        cpuWindowMs: each.cpuWindowMs * times,
        ...(cpuConnectMs !== undefined && { cpuConnectMs: cpuConnectMs * times }),
      })),
    };
  });
  const [path] = calibrationOf(runOf(trials)).paths;
  const { server, connect } = path!.transports.websocket!;
  assertClose('pace', path!.taskCpuUs!, 200);
  assertClose('fixed', server.coefficients.fixed, 10);
  assertClose('client', server.coefficients.clients, 0.02);
  assertClose('delivery', server.coefficients.deliveries, 0.01);
  assertClose('connect', connect.cpuMs, 0.3);
});

test('a pace of many slow trials is no overflow', () => {
  const task = { core: 1, count: 100, medianUs: 1, cpuMs: 90 };
  const noise = { stealShare: null, strangerShare: null, throttledMs: null, spins: [], tasks: [task] };
  const trial = { ...trialOf(workloads[0]!), noise };
  const measured = { trial, scenario: plannedOf(workloads[0]!).scenario };
  assertClose('pace', paceTogether(Array.from({ length: 300 }, () => measured))!, 900);
});

test('a send takes as long as the pace of its trial says', () => {
  // All trials but the last but one are at the mean pace; that one has one reader, and sends of 0.04 ms.
  const trials = workloads.map((workload) => {
    const trial = trialOf(workload);
    const times = workload.clients === workload.channels ? 4 : 4 ** (-1 / 5);
    const meanMs = 1 + sendsMs(workload, times);
    const delivery = { ...trial.latency.delivery, meanMs, p50Ms: meanMs, p90Ms: meanMs, p99Ms: meanMs, maxMs: meanMs };
    return {
      ...trial,
      latency: { ...trial.latency, delivery },
      noise: {
        stealShare: null,
        strangerShare: null,
        throttledMs: null,
        spins: [],
        tasks: [{ core: 1, count: 100, medianUs: 1, cpuMs: 10 * times }],
      },
      processes: trial.processes.map((each) => ({ ...each, cpuWindowMs: each.cpuWindowMs * times })),
    };
  });
  const { handlingMs } = calibrationOf(runOf(trials)).paths[0]!.transports.websocket!;
  assertClose('handling', handlingMs, 0.6, 0.001);
});

test('a proxy has costs of its own', () => {
  const trials = workloads.map((workload) => {
    const trial = trialOf(workload);
    const { clients } = workload;
    const nginx = plainProcess({
      role: 'proxy',
      cpuWindowMs: seconds * (5 + 0.03 * clients),
      cpuConnectMs: clients,
      connectedRssBytes: 12_000_000 + 20_000 * clients,
    });
    return { ...trial, processes: [...trial.processes, nginx] };
  });
  const { proxy, proxyMemory, kernelBytesPerConnection, connect } = calibrationOf(runOf(trials)).paths[0]!.transports
    .websocket!;
  assertClose('fixed', proxyMemory!.fixed, 12_000_000);
  assertClose('connection', proxyMemory!.perUnit, 20_000);
  // Four ends share what two do on the direct path.
  assertClose('kernel', kernelBytesPerConnection, 1500);
  assertClose('client', proxy!.coefficients.clients, 0.03);
  assert.equal(connect.proxyCpuMs, 1);
});

describe('runs that are no calibration', () => {
  const refused = (run: Run) =>
    assert.throws(
      () => calibrationOf(run),
      (error) => error instanceof NoCalibration,
    );

  test('no more workloads than costs', () => refused(syntheticRun()));
  test('two workloads', () => refused(runOf(workloads.slice(0, 2).map((workload) => trialOf(workload)))));
  test('one number of clients', () => {
    const alike = [1, 2, 3, 4].map((channels) => ({ clients: 100, channels, perSecond: channels }));
    const planned = alike.map((workload) => ({ ...plannedOf(workload), point: { channels: workload.channels } }));
    refused(
      runOf(
        alike.map((workload) => trialOf(workload, { point: { channels: workload.channels } })),
        planned,
      ),
    );
  });
  test('costs that differ from each other for no reason that is known', () => {
    const odd = workloads.map((workload, place) => {
      const trial = trialOf(workload);
      const processes = trial.processes.map((process) => ({
        ...process,
        cpuWindowMs: process.cpuWindowMs * (place % 2 === 0 ? 1 : 8),
      }));
      return { ...trial, processes };
    });
    refused(runOf(odd));
  });
});

test('work in a second of the window: updates, polls, deliveries, bytes without TLS, publishes', () => {
  const usual = plainTrial();
  const bytes = {
    ...usual.bytes,
    down: { encodedUpdateBytes: 60_000, framingBytes: 30_000, drainFramingBytes: 3000, surplusUpdateBytes: 0 },
    up: { encodedUpdateBytes: 0, framingBytes: 6000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
  };
  const trial = plainTrial({
    transport: 'short-polling',
    bytes,
    updates: { ...usual.updates, publishedInputs: 300 },
    counts: { ...usual.counts, requests: 1000, drainRequests: 100 },
  });
  assert.deepEqual(workOf({ trial, scenario: plainScenario }), {
    clients: 10,
    updatesPerSecond: 2000 / 30,
    // 900 of the window, 300 of them publishes.
    requestsPerSecond: 20,
    deliveriesPerSecond: 20_000 / 30,
    bytesPerSecond: 3100,
    publishesPerSecond: 10,
    rhythm: { arrivals: plainScenario.arrivals, channels: plainScenario.channels },
  });
});
