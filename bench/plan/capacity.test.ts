import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import {
  clientsThatFit,
  connectionsPerClient,
  loadProcesses,
  loadShards,
  loadShortageOf,
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

test('without a number there is a load process for each core, and as many as descriptors need', () => {
  const needs = { scenario: withClients(chat, 9_872), transport: 'sse', openFiles: 20_000 } as const;
  const started = (cores: number, asked?: number) => loadProcesses(needs, { asked, cores });
  assert.deepEqual([started(1), started(6), started(6, 2), started(1, 9)], [1, 6, 2, 9]);
  // 500 clients a process.
  const poor = { ...needs, openFiles: 1_256 };
  assert.deepEqual(
    [1, 6, 40].map((cores) => loadProcesses(poor, { asked: undefined, cores })),
    [20, 20, 40],
  );
  assert.equal(loadProcesses(poor, { asked: 3, cores: 40 }), 20);
});

test('there are never more load processes than clients', () => {
  const needs = { scenario: withClients(chat, 3), transport: 'sse', openFiles: 20_000 } as const;
  assert.deepEqual(
    [undefined, 8].map((asked) => loadProcesses(needs, { asked, cores: 6 })),
    [3, 3],
  );
});

test('too few load processes are refused with the limit and the smallest number that does', () => {
  const needs = { scenario: withClients(chat, 9_872), transport: 'sse', openFiles: 1_256 } as const;
  assert.equal(
    loadShortageOf(needs, 19),
    '19 cannot hold the 9872 clients of chat-room: the open-files limit (ulimit -n) is 1256 and 256 stay reserved, ' +
      'sse takes 2 descriptors a client in its load process; give at least 20',
  );
  assert.match(loadShortageOf({ ...needs, transport: 'websocket' }, 9)!, /takes 1 descriptor a .*give at least 10$/);
  assert.equal(loadShortageOf(needs, 20), undefined);
  assert.equal(loadShortageOf({ ...needs, openFiles: Number.POSITIVE_INFINITY }, 1), undefined);
  assert.equal(loadShortageOf({ ...needs, openFiles: 257 }, 1), undefined, 'no number would do');
});

test("this machine's limits are plausible", () => {
  const { openFiles, ephemeralPorts } = readMachineLimits();
  assert.ok(openFiles >= 256);
  assert.ok(ephemeralPorts > 0 && ephemeralPorts < 65_536);
});
