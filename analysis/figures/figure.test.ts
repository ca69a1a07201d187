import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import {
  emptyHistogram,
  plainHistogram,
  plainProcess,
  plainScenario,
  plainTrial,
} from '../../testing/by-hand/plain-trial.ts';
import {
  bytes,
  compressedShare,
  counted,
  fewestClientsForMemory,
  inPackets,
  knowsPercentile,
  latency,
  memory,
  perClientMinute,
  perRequest,
  pollsOf,
  ratio,
  requestsOf,
  seconds,
  socketBytes,
  sum,
  tail,
  updatesOf,
  utilization,
  whereTls,
  windowBytes,
  withRoles,
} from './figure.ts';

const scenario = plainScenario;
const plain = plainTrial();

function measured(changed: Partial<CompletedTrial> = {}) {
  return { trial: plainTrial(changed), scenario };
}

test('a ratio to zero is unknown, a ratio of zero is zero', () => {
  assert.equal(ratio(6, 3), 2);
  assert.equal(ratio(0, 3), 0);
  assert.equal(ratio(6, 0), undefined);
  assert.equal(ratio(6, -1), undefined);
  assert.equal(ratio(6, 0.5), 12);
});

test('sums', () => {
  assert.equal(sum([]), 0);
  assert.equal(sum([1, 2, 4]), 7);
});

test('an amount of the window becomes one of a client and a minute', () => {
  assert.equal(perClientMinute(measured(), 100), 20);
  const trial = plainTrial({ window: { ...plain.window, durationMs: 60_000 } });
  assert.equal(perClientMinute({ trial, scenario: { ...scenario, clients: 2 } }, 100), 50);
  assert.equal(perClientMinute({ trial, scenario: { ...scenario, clients: 0 } }, 100), undefined);
});

test('a latency is the named quantile, and unknown for an empty distribution', () => {
  const figure = latency('Title', 'short', 'uplink', 'p90Ms');
  assert.deepEqual(
    { ...figure, of: undefined },
    {
      group: 'freshness',
      title: 'Title',
      short: 'short',
      unit: 'ms',
      digits: 3,
      resolution: 0.001,
      of: undefined,
    },
  );
  const uplink = plainHistogram({ count: 1, meanMs: 1, p50Ms: 2, p90Ms: 3, p99Ms: 4, maxMs: 5 });
  assert.equal(figure.of(measured({ latency: { ...plain.latency, uplink } })), 3);
  assert.equal(figure.of(measured({ latency: { ...plain.latency, uplink: { ...uplink, count: 0 } } })), undefined);
});

const layered = plainTrial({
  bytes: {
    ...plain.bytes,
    down: { encodedUpdateBytes: 1_000, surplusUpdateBytes: 1, framingBytes: 2_000, drainFramingBytes: 2 },
    up: { encodedUpdateBytes: 4_000, surplusUpdateBytes: 4, framingBytes: 8_000, drainFramingBytes: 8 },
    tls: { setUpUp: 1e9, setUpDown: 1e9, windowDown: 16_000, drainDown: 16, windowUp: 32_000, drainUp: 32 },
  },
});

test('the bytes of the window exclude those of polls after it', () => {
  assert.deepEqual(windowBytes(layered), {
    down: { updates: 999, framing: 1_998, tls: 15_984 },
    up: { updates: 3_996, framing: 7_992, tls: 31_968 },
  });
  const tls = { setUpUp: 1e9, setUpDown: 1e9, windowDown: 16_000, windowUp: 32_000 };
  const older = windowBytes({ ...layered, bytes: { ...layered.bytes, tls } });
  assert.deepEqual([older.down.tls, older.up.tls], [16_000, 32_000]);
  const open = windowBytes(plain);
  assert.deepEqual([open.down.tls, open.up.tls], [0, 0]);
});

test('a part of the bytes at the sockets: a direction, a layer, both or all', () => {
  assert.equal(socketBytes(layered), 999 + 1_998 + 15_984 + 3_996 + 7_992 + 31_968);
  assert.equal(socketBytes(layered, { direction: 'down' }), 999 + 1_998 + 15_984);
  assert.equal(socketBytes(layered, { direction: 'up' }), 3_996 + 7_992 + 31_968);
  assert.equal(socketBytes(layered, { layer: 'tls' }), 15_984 + 31_968);
  assert.equal(socketBytes(layered, { layer: 'updates' }), 999 + 3_996);
  assert.equal(socketBytes(layered, { layer: 'framing', direction: 'up' }), 7_992);
});

test('bytes are a figure per client and minute', () => {
  const figure = bytes('Bytes', 'b', { layer: 'framing', direction: 'down' });
  assert.equal(figure.of({ trial: layered, scenario }), 1_998 / 5);
  assert.deepEqual(
    [figure.group, figure.title, figure.short, figure.unit, figure.digits],
    ['bytes', 'Bytes, per client and minute', 'b', 'bytes', 3],
  );
});

test('without TLS, a figure of TLS is unknown and not 0', () => {
  const figure = whereTls(bytes('TLS', 'tls', { layer: 'tls' }));
  assert.equal(figure.of({ trial: plain, scenario }), undefined);
  assert.equal(figure.of({ trial: layered, scenario }), (15_984 + 31_968) / 5);
  assert.equal(figure.short, 'tls');
});

test('asking costs framing per request of the window; streams have no such figure', () => {
  const counts = { ...plain.counts, requests: 120, drainRequests: 20 };
  const [up, down] = [perRequest('Up', 'u', 'up'), perRequest('Down', 'd', 'down')];
  for (const transport of ['short-polling', 'long-polling'] as const) {
    const asked = { trial: { ...layered, transport, counts }, scenario };
    assert.equal(up.of(asked), 79.92);
    assert.equal(down.of(asked), 19.98);
  }
  for (const transport of ['sse', 'websocket'] as const) {
    assert.equal(up.of({ trial: { ...layered, transport, counts }, scenario }), undefined, transport);
  }
  const silent = { ...counts, requests: 20 };
  assert.equal(up.of({ trial: { ...layered, transport: 'long-polling', counts: silent }, scenario }), undefined);
  assert.deepEqual([up.group, up.title, up.short, up.unit, up.digits], ['bytes', 'Up', 'u', 'bytes', 3]);
});

test('the compressed share of the updates, by direction', () => {
  const direction = { drainFramingBytes: 0, surplusUpdateBytes: 0, framingBytes: 0 };
  const trial = plainTrial({
    bytes: {
      ...plain.bytes,
      down: { ...direction, encodedUpdateBytes: 30, uncompressedUpdateBytes: 120 },
      up: { ...direction, encodedUpdateBytes: 30, uncompressedUpdateBytes: 60 },
    },
  });
  const [down, up] = [compressedShare('Down', 'd', 'down'), compressedShare('Up', 'u', 'up')];
  assert.deepEqual([down.of({ trial, scenario }), up.of({ trial, scenario })], [0.25, 0.5]);
  assert.equal(down.of({ trial: plain, scenario }), undefined);
  assert.deepEqual([down.group, down.title, down.short, down.unit, down.digits], ['bytes', 'Down', 'd', 'share', 3]);
});

test('packets of polls after the window are left out, by their share of the requests', () => {
  const one = { frameBytes: 1, computedHeaderBytes: 2, retransmittedSegments: 3, lostPackets: 4 };
  const [down, up] = [
    { ...one, packets: 100, headerBytes: 7_000 },
    { ...one, packets: 50, headerBytes: 3_000 },
  ];
  const packets = { window: { down, up }, setUp: { down: up, up: up } };
  const of = (requests: number, drainRequests: number) =>
    inPackets(
      measured({ bytes: { ...plain.bytes, packets }, counts: { ...plain.counts, requests, drainRequests } }),
      ({ headerBytes }) => headerBytes,
    );
  assert.equal(of(0, 0), 2_000);
  assert.equal(of(100, 0), 2_000);
  assert.equal(of(100, 25), 1_500);
  assert.equal(of(1, 1), 0);
  assert.equal(
    inPackets(measured(), ({ packets: count }) => count),
    undefined,
  );
});

test('memory is of one role, at one stage, from 1,000 clients on', () => {
  assert.equal(fewestClientsForMemory, 1_000);
  const trial = plainTrial({
    processes: [
      plainProcess({ role: 'server', idleRssBytes: 100, connectedRssBytes: 2_100, rssBytes: 5_100 }),
      plainProcess({ role: 'load', idleRssBytes: 100, connectedRssBytes: 9_100, rssBytes: 9_100 }),
    ],
  });
  const at = (clients: number) => ({ trial, scenario: { ...scenario, clients } });
  assert.equal(memory('M', 'm', 'server').of(at(1_000)), 2);
  assert.equal(memory('M', 'm', 'server', 'rssBytes').of(at(1_000)), 5);
  assert.equal(memory('M', 'm', 'load').of(at(2_000)), 4.5);
  assert.equal(memory('M', 'm', 'load').of(at(999)), undefined);
  const { group, title, short, unit, digits } = memory('M', 'm', 'load');
  assert.deepEqual([group, title, short, unit, digits], ['memory', 'M, per client', 'm', 'bytes', 3]);
});

test('the utilization of a role is that of its busiest process', () => {
  const figure = utilization('nodes', 'n', 'server');
  const processes = [0.2, 0.7, 0.4].map((eventLoopUtilization) =>
    plainProcess({ role: 'server', eventLoopUtilization }),
  );
  const other = plainProcess({ role: 'load', eventLoopUtilization: 0.99 });
  assert.equal(figure.of(measured({ processes: [...processes, other] })), 0.7);
  assert.equal(figure.of(measured({ processes: processes.slice(0, 1) })), 0.2);
  assert.equal(figure.of(measured({ processes: [other] })), undefined);
  assert.deepEqual(
    [figure.group, figure.title, figure.short, figure.unit, figure.digits],
    ['load', 'Event loop of the nodes, busiest process', 'n', 'share', 2],
  );
});

test('a count has no unit unless it is given one', () => {
  const figure = counted('Title', 't', () => 3);
  assert.deepEqual(
    [figure.group, figure.title, figure.short, figure.unit, figure.digits, figure.of(measured())],
    ['counts', 'Title', 't', 'count', 3, 3],
  );
  assert.equal(counted('Title', 't', () => 3, 'share').unit, 'share');
});

test('seconds, updates and requests of the window', () => {
  assert.equal(seconds(plain), 30);
  assert.equal(updatesOf(plainTrial({ updates: { ...plain.updates, published: 7, accepted: 6 } })), 6);
  assert.equal(requestsOf(plainTrial({ counts: { ...plain.counts, requests: 30, drainRequests: 4 } })), 26);
});

test('polls are the requests that publish nothing; a stream has none', () => {
  const of = (origin: 'server' | 'client', transport: CompletedTrial['transport']) =>
    pollsOf({
      trial: plainTrial({
        transport,
        counts: { ...plain.counts, requests: 103, drainRequests: 3 },
        updates: { ...plain.updates, published: 30, publishedInputs: 5 },
      }),
      scenario: { ...scenario, origin },
    });
  assert.deepEqual(
    (['short-polling', 'long-polling', 'sse', 'websocket'] as const).map((transport) => of('server', transport)),
    [95, 95, 0, 0],
  );
  assert.equal(of('client', 'short-polling'), 65);
});

test('a percentile is known with ten updates beyond it', () => {
  const knows = (accepted: number, share: number) =>
    knowsPercentile(plainTrial({ updates: { ...plain.updates, accepted } }), share);
  for (const [share, fewest] of [
    [0.5, 20],
    [0.9, 100],
    [0.99, 1_000],
    [0.999, 10_000],
  ] as const) {
    assert.ok(knows(fewest, share), `${share} of ${fewest}`);
    assert.ok(!knows(fewest - 1, share), `${share} of ${fewest - 1}`);
  }
});

test('the tail is the 99.9th percentile of the deliveries, in milliseconds', () => {
  const recorder = createRecorder();
  for (let count = 0; count < 998; count++) recorder.record(1_000);
  recorder.record(500_000);
  recorder.record(900_000);
  const delivery = plainHistogram({ count: 1_000, encoded: recorder.encoded() });
  const found = tail(plainTrial({ latency: { ...plain.latency, delivery } }))!;
  assert.ok(Math.abs(found - 500) < 0.5, `${found}`);
  assert.equal(tail(plainTrial({ latency: { ...plain.latency, delivery: emptyHistogram } })), undefined);
});

test('processes by role, in their order', () => {
  const names = withRoles(plain, ['source', 'server']).map(({ name }) => name);
  assert.deepEqual(names, ['server-1', 'source-1']);
  assert.deepEqual(withRoles(plain, []), []);
});

test('the parts of the bytes always add up to the total', () => {
  const amount = fc.nat(1e6);
  fc.assert(
    fc.property(fc.tuple(amount, amount, amount, amount, amount, amount), ([a, b, c, d, e, f]) => {
      const none = { surplusUpdateBytes: 0, drainFramingBytes: 0 };
      const trial = plainTrial({
        bytes: {
          ...plain.bytes,
          down: { ...none, encodedUpdateBytes: a, framingBytes: b },
          up: { ...none, encodedUpdateBytes: c, framingBytes: d },
          tls: { setUpUp: 0, setUpDown: 0, windowUp: e, windowDown: f },
        },
      });
      const byLayer = (['updates', 'framing', 'tls'] as const).map((layer) => socketBytes(trial, { layer }));
      const byDirection = (['down', 'up'] as const).map((direction) => socketBytes(trial, { direction }));
      assert.equal(sum(byLayer), socketBytes(trial));
      assert.equal(sum(byDirection), socketBytes(trial));
    }),
  );
});
