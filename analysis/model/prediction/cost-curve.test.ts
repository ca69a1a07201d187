import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import { handPath } from '../../../testing/by-hand/plain-calibration.ts';
import { predictedCosts } from './cost-curve.ts';
import { predictAll } from './predict.ts';

const scenario = { ...plainLoad, clients: 100, arrivals: { kind: 'poisson', perSecond: 1 } } as const;
const question = { scenario, rttMs: 40, toleranceMs: 5000 };

test('polling from a tenth of a second to a minute, whatever is tolerated', () => {
  const { polling } = predictedCosts(question, handPath);
  assert.equal(polling.length, 28);
  // Half an interval, and the way of 21 ms.
  assert.ok(Math.abs(polling[0]!.stalenessMs - 71) < 1e-9 && Math.abs(polling[10]!.stalenessMs - 521) < 1e-9);
  assert.ok(polling.at(-1)!.stalenessMs <= 30_021);
});

test('bytes at the sockets and CPU, per client and minute', () => {
  const { others } = predictedCosts(question, handPath);
  assert.deepEqual(
    others.map(({ transport }) => transport),
    ['long-polling', 'sse', 'websocket'],
  );
  const socket = predictAll({ scenario, rttMs: 40 }, handPath).find(({ transport }) => transport === 'websocket')!;
  const { down, up } = socket.layers;
  const found = others.find(({ transport }) => transport === 'websocket')!;
  // No packets: an update of 200 + 22 bytes, and a frame's head of 4.
  assert.ok(Math.abs(found.bytes - 60 * (down.updates + down.framing + up.framing)) < 1e-9);
  assert.ok(Math.abs(found.cpu - (socket.serverCores.value * 60_000) / 100) < 1e-9);
  assert.equal(found.stalenessMs, socket.staleness.mean.value);
});

test('NGINX serves, too, and TLS is bytes', () => {
  const server = handPath.transports.websocket!;
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
  const path = { ...handPath, route, transports: { websocket: { ...server, proxy: server.server } } };
  const plain = predictedCosts(question, handPath).others.find(({ transport }) => transport === 'websocket')!;
  const [found] = predictedCosts(question, path).others;
  assert.ok(Math.abs(found!.cpu - 2 * plain.cpu) < 1e-6);
  assert.ok(Math.abs(found!.bytes - plain.bytes - 60 * 22) < 1e-6);
});
