import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { handCost, handPath, handTransport } from '../../../testing/by-hand/plain-calibration.ts';
import { type Prediction, predictAll } from './predict.ts';
import type { Question } from './question.ts';

/**
 * Two updates a second in each of ten channels with 200 clients. After a day a version has 6 digits, an instant 11 and a
 * channel one: with 5 of brackets and commas and 77 of payload, an update has 100 bytes.
 */
const load: Scenario = {
  ...plainLoad,
  clients: 2000,
  channels: 10,
  arrivals: { kind: 'poisson', perSecond: 2 },
  payload: { kind: 'notice', bytes: 77 },
  pollIntervalMs: 1000,
};
const question: Question = { scenario: load, rttMs: 40 };

function predicted(
  transport: Prediction['transport'],
  given: Partial<Question> = {},
  path: PathCalibration = handPath,
): Prediction {
  return predictAll({ ...question, ...given }, path).find((each) => each.transport === transport)!;
}

function assertClose(what: string, found: number, expected: number, within = 1e-6): void {
  assert.ok(Math.abs(found - expected) <= within * Math.abs(expected) + 1e-12, `${what}: ${found}, not ${expected}`);
}

/** t of 97.5% with 4 degrees, by a scatter of 0.1. */
const reach = Math.exp(0.2776445);

/** A send of 77 bytes takes 0.02077 ms, and 20 updates a second go to 200 readers each. `times`: as costly. */
function queueOf(times: number): number {
  const sendMs = 0.02077 * times;
  const busy = (20 * 200 * sendMs) / 1000;
  return (sendMs * 201) / 2 + (busy * 200 * sendMs) / (2 * (1 - busy));
}

describe('WebSocket, 2,000 clients', () => {
  const found = predicted('websocket');
  const wayMs = 20 + 1 + queueOf(1);

  test('latency: half a round trip, handling and the fan-out; within 5%, and the interval of CPU for the fan-out', () => {
    const { mean, p50, p95 } = found.latency;
    assertClose('mean', mean.value, wayMs);
    assertClose('low', mean.low, (21 + queueOf(1 / reach)) * 0.95);
    assertClose('high', mean.high, (21 + queueOf(reach)) * 1.05);
    assertClose('p50', p50.value, wayMs);
    assertClose('p95', p95.value, wayMs + 0.45 * 199 * 0.02077);
    assert.deepEqual(found.staleness, found.latency);
    assertClose('fan-out', found.fanOutMs.value, queueOf(1));
    assertClose('fan-out, high', found.fanOutMs.high, queueOf(reach));
    assertClose('stale', found.staleFraction, 1 - Math.exp(-0.002 * wayMs));
  });

  test('deliveries and requests', () => {
    const { deliveriesPerSecond, requestsPerSecond, publishesPerSecond, emptyShare } = found;
    assertClose('deliveries', deliveriesPerSecond.value, 4000);
    assertClose('at least', deliveriesPerSecond.low, 3880);
    assert.deepEqual([requestsPerSecond.value, publishesPerSecond, emptyShare], [0, 0, 0]);
    assert.ok(!('pollIntervalMs' in found || 'tolerance' in found || 'proxyCores' in found));
  });

  test('on the wire: 2 · (102 + 66) bytes down and 2 · 66 up for each client, within 2%', () => {
    assertClose('down', found.downBitsPerSecond.value, 2000 * 336 * 8);
    assertClose('at most', found.downBitsPerSecond.high, 2000 * 336 * 8 * 1.02);
    assertClose('up', found.upBitsPerSecond.value, 2000 * 132 * 8);
    assertClose('layers', found.layers.down.updates, 200);
  });

  test('cores: 10, 4 of clients, 20/1.2 wake-ups, 80 of deliveries and 4.08 of bytes', () => {
    const ms = 10 + 4 + (0.1 * 20) / 1.2 + 80 + 4.08;
    assertClose('cores', found.serverCores.value, ms / 1000);
    assertClose('low', found.serverCores.low, ms / 1000 / reach);
    assertClose('high', found.serverCores.high, (ms / 1000) * reach);
    assert.equal(found.nodes, 1);
  });

  test('memory and connections', () => {
    const { memoryBytes, kernelBytes, connections } = found;
    assert.deepEqual(memoryBytes, { value: 30_000_000, low: 30_000_000, high: 30_000_000 });
    assert.deepEqual([kernelBytes, connections], [6_000_000, 2000]);
  });

  test('a core is full where 0.04404 ms a client and 11.67 ms are a second', () => {
    const { what, clients } = found.firstLimit;
    const fullAt = (times: number) => Math.floor((1000 / times - 10 - 2 / 1.2) / 0.04404);
    assert.deepEqual([what, clients.value], ['node-core', fullAt(1)]);
    assert.deepEqual([clients.low, clients.high], [fullAt(reach), fullAt(1 / reach)]);
  });

  test('all connect again: 0.2 ms of CPU each, and two round trips', () => {
    const { value, low, high } = found.stormSeconds;
    assertClose('storm', value, 0.4 + 0.08);
    assertClose('if connecting is cheap', low, 0.4 / reach + 0.08);
    assertClose('if it is costly', high, 0.4 * reach + 0.08);
    assert.equal(found.stormBy, 'node-cpu');
    assert.equal(predicted('websocket', { rttMs: 300 }).stormBy, 'round-trips');
  });

  test('twice the clients that were calibrated', () => {
    assert.deepEqual(found.extrapolation, { times: 2, of: 'clients' });
  });
});

describe('short polling, with 2,021 ms of tolerance', () => {
  const found = predicted('short-polling', { toleranceMs: 2021 });
  const empty = Math.exp(-4);
  const full = 0.5 * (1 - empty);

  test('asks every two seconds, which just keeps to it', () => {
    assert.deepEqual([found.pollIntervalMs, found.tolerance], [2000, 'kept']);
    assert.equal(predicted('short-polling', { toleranceMs: 2020 }).pollIntervalMs, 1900);
    assert.equal(predicted('short-polling').pollIntervalMs, 1000);
  });

  test('latency is even between the way and the interval more', () => {
    const { mean, p50, p95 } = found.latency;
    assertClose('mean', mean.value, 1021);
    assertClose('p50', p50.value, 1021);
    assertClose('p95', p95.value, 1921);
    assertClose('empty', found.emptyShare, empty);
    assertClose('requests', found.requestsPerSecond.value, 1000);
    assertClose('high', found.requestsPerSecond.high, 1030);
  });

  test('on the wire: heads, digits, answers and three packets for each poll', () => {
    // Channel 1, client 3.445 on average, version 6.
    const up = 0.5 * (90 + 10.445 + 2 * 66);
    const down = 200 + 10 + 0.5 * empty * 120 + full * 163 + 0.5 * 66;
    // Now and then an answer has so many updates that it takes two packets.
    assertClose('up', found.upBitsPerSecond.value, 2000 * 8 * up, 1e-4);
    assertClose('down', found.downBitsPerSecond.value, 2000 * 8 * down, 1e-4);
  });

  test('cores: 1,020 events wake up 91 times, and 1,000 requests', () => {
    const bytes = 2000 * (210 + 0.5 * empty * 120 + full * 163 + 0.5 * 100.445);
    const ms = 10 + 4 + (0.1 * 1020) / 11.2 + 100 + 80 + bytes * 1e-5;
    assertClose('cores', found.serverCores.value, ms / 1000);
  });

  test('a tolerance that polls cannot keep leaves the interval as it was', () => {
    const { pollIntervalMs, tolerance } = predicted('short-polling', { toleranceMs: 50 });
    assert.deepEqual([pollIntervalMs, tolerance], [1000, 'missed']);
  });

  test('longer headers and cookies go up with each poll', () => {
    const longer = predicted('short-polling', { toleranceMs: 2021, extraBytes: { poll: 100, publish: 7 } });
    const more = longer.upBitsPerSecond.value - found.upBitsPerSecond.value;
    assertClose('up', more, 2000 * 8 * 0.5 * 100);
    assertClose('down', longer.downBitsPerSecond.value, found.downBitsPerSecond.value);
  });
});

test('streams keep to a tolerance of their way alone, if sends cost as little as that takes', () => {
  const toleranceOf = (toleranceMs: number) => predicted('sse', { toleranceMs }).tolerance;
  // 23.3 ms of way and 2.1 to the last of the readers: 25.4 ms, or 24.2 to 26.8 by the interval of CPU, and 5% more.
  assert.deepEqual([23, 25, 26, 28, 29].map(toleranceOf), ['missed', 'unlikely', 'likely', 'likely', 'kept']);
  const { value, low, high } = predicted('sse').longestStaleness;
  assertClose('longest', value, 21 + queueOf(1) + (199 * 0.02077) / 2);
  assertClose('low', low, 0.95 * (21 + queueOf(1 / reach) + (199 * 0.02077) / reach / 2));
  assertClose('high', high, 1.05 * (21 + queueOf(reach) + (199 * 0.02077 * reach) / 2));
});

test('long polling asks again for each update', () => {
  const found = predicted('long-polling');
  // A cycle: the way, half a round trip, and until the next update; a poll costs 0.1 ms, too, and wakes up.
  assert.ok(found.requestsPerSecond.value > 3600 && found.requestsPerSecond.value < 4000);
  const cycleMs = 2_000_000 / found.requestsPerSecond.value;
  const gapMs = 20 + found.latency.p50.value;
  assert.ok(Math.abs(cycleMs - gapMs - 500 * Math.exp(-0.002 * gapMs)) < 10, String(cycleMs));
});

const large = { ...load, clients: 50_000 };

/** Of so many readers of each of 20 updates a second. */
function queueMs(readers: number): number {
  const busy = (20 * readers * 0.02077) / 1000;
  return (0.02077 * (readers + 1)) / 2 + (busy * readers * 0.02077) / (2 * (1 - busy));
}

describe('nodes', () => {
  const msOn = (nodes: number) => 10 + 2 / 1.2 + (100 + 2000 + 102) / nodes;

  test('as few as have room: three would be 74% busy', () => {
    const found = predicted('websocket', { scenario: large });
    assert.ok(msOn(3) > 700 && msOn(4) < 700);
    assert.deepEqual([found.nodes, found.nodesFor], [4, 'cpu']);
    assertClose('cores', found.serverCores.value, (4 * msOn(4)) / 1000);
    assert.equal(found.memoryBytes.value, 4 * (10_000_000 + 12_500 * 10_000));
    assertClose('storm', found.stormSeconds.value, 2.58);
    assert.deepEqual(found.extrapolation, { times: 12.5, of: 'clients' });
  });

  test('as many as the ends of the interval of CPU ask for', () => {
    assert.ok(msOn(2) / reach > 700 && msOn(3) / reach < 700 && msOn(4) * reach > 700 && msOn(5) * reach < 700);
    const { low, high } = predicted('websocket', { scenario: large }).sizes;
    assert.deepEqual([low.nodes, high.nodes], [3, 5]);
  });

  test('as many as are given', () => {
    const found = predicted('websocket', { scenario: large, nodes: 10 });
    assert.deepEqual([found.nodes, found.nodesFor, found.sizes.high.nodes], [10, 'given', 10]);
    assertClose('cores', found.serverCores.value, msOn(10) / 100);
    // 500 readers on each: half of what they would wait for on five nodes.
    assertClose('mean', found.latency.mean.value, 21 + queueMs(500), 1e-4);
  });

  test('until sends end: polls that are never answered are no work', () => {
    const busy = { ...load, clients: 60_000 };
    const found = predicted('long-polling', { scenario: busy });
    assert.ok(Number.isFinite(found.latency.mean.value));
    assert.ok(found.requestsPerSecond.value > 50_000, String(found.requestsPerSecond.value));
  });

  test('a node with fewer clients than channels sends what those get alone', () => {
    const alone = { ...load, clients: 10_000, channels: 10_000 };
    // 20,000 sends a second on ten nodes: 2,000 on each, busy for 4%.
    const found = predicted('websocket', { scenario: alone, nodes: 10 });
    const busy = (2000 * 0.02077) / 1000;
    assertClose('mean', found.latency.mean.value, 21 + 0.02077 + (busy * 0.02077) / (2 * (1 - busy)));
  });
});

test('a machine that takes twice as long needs twice the cores, and sends take as long', () => {
  const path = { ...handPath, taskCpuUs: 150 };
  const [usual, slow] = [predicted('websocket', {}, path), predicted('websocket', { taskCpuUs: 300 }, path)];
  assertClose('cores', slow.serverCores.value, 2 * usual.serverCores.value);
  assertClose('send', slow.senders[0]!.sendMs, 2 * usual.senders[0]!.sendMs);
  assert.deepEqual(predicted('websocket', { taskCpuUs: 150 }, path), usual);
  // Without the pace of the calibration it is not known how much slower that is.
  assert.deepEqual(predicted('websocket', { taskCpuUs: 300 }), predicted('websocket'));
});

describe('clients that publish', () => {
  const chat: Scenario = { ...load, origin: 'client', echo: true };

  test('their updates take half a round trip more', () => {
    const more = predicted('sse', { scenario: chat }).latency.mean.value - predicted('sse').latency.mean.value;
    assertClose('uplink', more, 20);
  });

  test('as frames: 106 bytes up and 25 down for each of 20 a second', () => {
    const found = predicted('websocket', { scenario: chat });
    const plain = predicted('websocket');
    assert.deepEqual([found.publishesPerSecond, found.connections], [20, 2000]);
    // Two packets each way: the message, and what acknowledges the answer.
    assertClose('up', found.upBitsPerSecond.value - plain.upBitsPerSecond.value, 20 * 8 * (106 + 2 * 66), 1e-5);
    assertClose('down', found.downBitsPerSecond.value - plain.downBitsPerSecond.value, 20 * 8 * (25 + 66), 1e-5);
    const wakeUps = 40 / 1.4 - 20 / 1.2;
    const ms = 0.1 * wakeUps + 20 * 0.05 + 20 * 131 * 1e-5;
    assertClose('cores', found.serverCores.value - plain.serverCores.value, ms / 1000, 1e-5);
  });

  test('over HTTP they have a second connection', () => {
    const { connections, kernelBytes } = predicted('sse', { scenario: chat });
    assert.deepEqual([connections, kernelBytes], [4000, 12_000_000]);
  });

  test('without echo one of 200 updates is their own', () => {
    const found = predicted('websocket', { scenario: { ...chat, echo: false } });
    assertClose('deliveries', found.deliveriesPerSecond.value, 3980);
  });

  test('publishes count towards the tolerance of polls, too', () => {
    // 21 ms of way, and 20 up.
    const found = predicted('short-polling', { scenario: chat, toleranceMs: 1041 });
    assert.deepEqual([found.pollIntervalMs, found.tolerance], [1000, 'kept']);
    assert.equal(predicted('short-polling', { scenario: chat, toleranceMs: 1040 }).pollIntervalMs, 990);
  });

  test('inputs are of each client', () => {
    const inputs = {
      arrivals: { kind: 'constant', perSecond: 0.5 },
      payload: { kind: 'reaction', bytes: 37 },
    } as const;
    const found = predicted('sse', { scenario: { ...load, inputs } });
    const plain = predicted('sse');
    assert.deepEqual([found.publishesPerSecond, found.connections], [1000, 4000]);
    // An update of 60 bytes in a POST of 130 + 3.445 + 2; two packets.
    const up = 60 + 135.445 + 2 * 66;
    assertClose('up', found.upBitsPerSecond.value - plain.upBitsPerSecond.value, 1000 * 8 * up);
  });
});

describe('over TLS through NGINX', () => {
  const route = {
    name: 'nginx+tls',
    tls: { resumption: true },
    http: 1,
    proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null },
    nodes: 1,
    headers: 'minimal',
    cookieBytes: 0,
    compression: null,
  } as const;
  const proxied = {
    ...handTransport,
    proxy: { ...handCost, coefficients: { ...handCost.coefficients, fixed: 20 } },
    connect: { ...handTransport.connect, proxyCpuMs: 0.5 },
  };
  const path: PathCalibration = { ...handPath, route, transports: { websocket: proxied } };

  test('only what was calibrated is predicted', () => {
    assert.deepEqual(
      predictAll(question, path).map(({ transport }) => transport),
      ['websocket'],
    );
  });

  test('a record adds 22 bytes to each message', () => {
    const found = predicted('websocket', {}, path);
    assertClose('down', found.downBitsPerSecond.value, 2000 * 8 * (336 + 44));
    assertClose('cores', found.serverCores.value, predicted('websocket').serverCores.value);
  });

  test('NGINX has cores of its own, for all nodes', () => {
    const found = predicted('websocket', { nodes: 4 }, path);
    const ms = 20 + 4 + 2 / 1.2 + 80 + 4.08;
    assertClose('cores', found.proxyCores!.value, ms / 1000);
    assertClose('high', found.proxyCores!.high, (ms / 1000) * reach);
  });

  test('NGINX has memory of its own, and two ends of each connection in the kernel', () => {
    const memory = { ...handPath.transports.websocket!.memory, fixed: 5_000_000, perUnit: 1000 };
    const transports = { websocket: { ...path.transports.websocket!, proxyMemory: memory } };
    const found = predicted('websocket', { nodes: 4 }, { ...path, transports });
    assert.equal(found.proxyMemoryBytes!.value, 7_000_000);
    assert.equal(found.kernelBytes, 3 * 2000 * 3000);
  });

  test('a worker of NGINX sends in turn, too, and each of them as many as the nodes have together', () => {
    const found = predicted('websocket', { nodes: 4, scenario: { ...load, clients: 4000 } }, path);
    assert.equal(found.proxyWorkers, 1);
    // A node has 100 readers of an update, the worker 400.
    assertClose('mean', found.latency.mean.value, 21 + queueMs(400) + 0.02077);
    assert.deepEqual(
      found.senders.map(({ readers }) => readers),
      [100, 400],
    );
  });

  test('NGINX has as many workers as have room, and a node is the slowest then', () => {
    const found = predicted('websocket', { nodes: 2, scenario: { ...large, clients: 40_000 } }, path);
    const ms = 20 + 2 / 1.2 + 40_000 * 0.04404;
    assert.ok(ms / 2 > 700 && ms / 3 < 700);
    assert.equal(found.proxyWorkers, 3);
    assertClose('mean', found.latency.mean.value, 21 + queueMs(2000) + 0.02077);
    assertClose('storm', found.stormSeconds.value, (40_000 * 0.5) / 3000 + 0.12);
    // Of a node 20,000 clients, of a worker 13,333.
    assert.deepEqual(found.extrapolation, { times: 20, of: 'clients' });
  });

  test('as many workers as are given', () => {
    assert.equal(predicted('websocket', { proxyWorkers: 5 }, path).proxyWorkers, 5);
  });

  test('as many nodes as NGINX needs for its ports, where their cores would do', () => {
    const idle: Scenario = { ...load, clients: 60_000, arrivals: { kind: 'poisson', perSecond: 0.01 } };
    const sizeOf = ({ nodes, nodesFor }: Prediction) => [nodes, nodesFor];
    assert.deepEqual(sizeOf(predicted('websocket', { scenario: idle })), [1, 'one']);
    assert.deepEqual(sizeOf(predicted('websocket', { scenario: idle }, path)), [3, 'ports']);
    const publishing: Scenario = { ...idle, clients: 30_000, origin: 'client', echo: true };
    // Frames go over the connection that is there, POSTs over a second one.
    assert.equal(predicted('websocket', { scenario: publishing }, path).nodes, 2);
    const overHttp = { ...path, transports: { sse: path.transports.websocket! } };
    assert.equal(predicted('sse', { scenario: publishing }, overHttp).nodes, 3);
  });

  test('a core of NGINX is full before its ports to four nodes end', () => {
    const found = predicted('websocket', { nodes: 4 }, path);
    const { what, clients } = found.firstLimit;
    assert.deepEqual([what, clients.value], ['proxy-core', Math.floor((1000 - 20 - 2 / 1.2) / 0.04404)]);
  });

  test('a handshake takes a round trip more, and the slower of NGINX and nodes decides', () => {
    const { stormSeconds, stormBy } = predicted('websocket', {}, path);
    assertClose('storm', stormSeconds.value, 1 + 0.12);
    assert.equal(stormBy, 'proxy-cpu');
  });
});

test('what was never calibrated is beyond it by any measure', () => {
  const cost = { ...handCost, largest: { ...handCost.largest, publishesPerSecond: 0 } };
  const path = { ...handPath, transports: { sse: { ...handTransport, server: cost } } };
  const found = predicted('sse', { scenario: { ...load, origin: 'client', echo: true } }, path);
  assert.deepEqual(found.extrapolation, { times: Number.POSITIVE_INFINITY, of: 'publishesPerSecond' });
});

test('without heads of HTTP there are none', () => {
  const { heads: _, ...path } = handPath;
  const found = predicted('short-polling', {}, path);
  assertClose('up', found.layers.up.framing, 10.445);
});
