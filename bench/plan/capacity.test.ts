import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import {
  clientsThatFit,
  connectionsPerClient,
  loadShards,
  readMachineLimits,
  relayShards,
  shortageOf,
} from './capacity.ts';

const chat = findScenario('chat-room')!;
const quotes = findScenario('ticker')!;
const limits = { openFiles: 20_000, ephemeralPorts: 28_232 };

function withClients(scenario: Scenario, clients: number): Scenario {
  return { ...scenario, clients };
}

test('a publish takes a second connection over HTTP, none over a WebSocket', () => {
  assert.equal(connectionsPerClient(chat, 'long-polling'), 2);
  assert.equal(connectionsPerClient(chat, 'websocket'), 1);
  assert.equal(connectionsPerClient(quotes, 'sse'), 1);
  assert.equal(connectionsPerClient(findScenario('live-stream')!, 'sse'), 2, 'reactions are publishes');
});

test("the server's one process bounds the clients", () => {
  assert.equal(clientsThatFit(quotes, 'websocket', limits), 19_744);
  assert.equal(clientsThatFit(chat, 'sse', limits), 9_872);
  assert.equal(clientsThatFit(quotes, 'websocket', { ...limits, openFiles: 100 }), 0);
});

test('the shortage names limit, descriptors a client and how many fit', () => {
  assert.equal(shortageOf(withClients(quotes, 19_744), 'websocket', limits, true), undefined);
  assert.equal(
    shortageOf(withClients(quotes, 19_745), 'websocket', limits, true),
    '19745 clients of ticker do not fit: the open-files limit (ulimit -n) is 20000 and 256 stay reserved, ' +
      'websocket takes 1 descriptor a client in the server and 2 in a relay; at most 19744 clients fit',
  );
  const direct = shortageOf(withClients(chat, 9_873), 'sse', limits, false);
  assert.match(direct!, /sse takes 2 descriptors a client in the server; at most 9872 clients fit$/);
});

test('with plenty of descriptors, local ports are the limit', () => {
  const wide = { openFiles: Number.POSITIVE_INFINITY, ephemeralPorts: 28_232 };
  assert.equal(shortageOf(withClients(quotes, 27_976), 'websocket', wide, false), undefined);
  assert.match(shortageOf(withClients(quotes, 27_977), 'websocket', wide, false)!, /28232 local ports .*at most 27976/);
});

test('load and relay are sharded, a relay at half the clients', () => {
  const many = withClients(quotes, 19_744);
  assert.equal(loadShards(many, 'websocket', limits.openFiles), 1);
  assert.equal(relayShards(many, 'websocket', limits.openFiles), 2);
  assert.equal(loadShards(withClients(chat, 9_872), 'sse', 1_256), 20);
  assert.equal(loadShards(withClients(chat, 1), 'sse', limits.openFiles), 1);
  assert.equal(relayShards(many, 'websocket', Number.POSITIVE_INFINITY), 1);
  assert.throws(() => loadShards(chat, 'sse', 257), /leaves no room/);
});

test("this machine's limits are plausible", () => {
  const { openFiles, ephemeralPorts } = readMachineLimits();
  assert.ok(openFiles >= 256);
  assert.ok(ephemeralPorts > 0 && ephemeralPorts < 65_536);
});
