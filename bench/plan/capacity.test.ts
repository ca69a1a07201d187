import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import {
  clientsInMemory,
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
const limits = { openFiles: 20_000, ephemeralPorts: 28_232, memoryBytes: Number.POSITIVE_INFINITY };

function withClients(scenario: Scenario, clients: number): Scenario {
  return { ...scenario, clients };
}

test('a publish takes a second connection over HTTP, none over a WebSocket', () => {
  assert.equal(connectionsPerClient(chat, 'long-polling'), 2);
  assert.equal(connectionsPerClient(chat, 'websocket'), 1);
  assert.equal(connectionsPerClient(quotes, 'sse'), 1);
  assert.equal(connectionsPerClient(findScenario('live-stream')!, 'sse'), 2, 'reactions are publishes');
});

const direct = { destinations: 1, proxied: false, relayed: false };

test('descriptors and half of the local ports bound the clients of one destination', () => {
  assert.equal(clientsThatFit(quotes, 'websocket', limits), 11_998);
  assert.equal(clientsThatFit(chat, 'sse', limits), 5_999);
  assert.equal(clientsThatFit(quotes, 'websocket', { ...limits, ephemeralPorts: 60_000 }), 19_744);
  assert.equal(clientsThatFit(quotes, 'websocket', { ...limits, openFiles: 100 }), 0);
});

test('each further destination has room for as many, and memory bounds all together', () => {
  assert.equal(clientsThatFit(quotes, 'websocket', limits, 9), 9 * 11_998);
  assert.equal(clientsThatFit(chat, 'sse', limits, 2), 2 * 5_999);
  // 512 MiB for the processes, and 48 KiB a client.
  const small = { ...limits, memoryBytes: 512 * 2 ** 20 + 1_000 * 48 * 1024 };
  assert.deepEqual(
    [1, 9].map((destinations) => clientsThatFit(quotes, 'websocket', small, destinations)),
    [1_000, 1_000],
  );
  assert.equal(clientsInMemory({ memoryBytes: 2 ** 20 }), 0);
});

test('where descriptors bound, the shortage says so, how many fit, and what changes it', () => {
  const poor = { ...limits, openFiles: 5_256 };
  const relayed = { ...direct, relayed: true };
  assert.equal(shortageOf(withClients(quotes, 5_000), 'websocket', poor, relayed), undefined);
  assert.equal(
    shortageOf(withClients(quotes, 5_001), 'websocket', poor, relayed),
    '5001 clients of ticker do not fit: the open-files limit (ulimit -n) is 5256 and 256 stay reserved, ' +
      'websocket takes 1 descriptor a client in the server and 2 in a relay; at most 5000 clients fit; ' +
      'give --nodes 2, or raise the limit: ulimit -n 5257',
  );
  assert.match(
    shortageOf(withClients(chat, 9_873), 'sse', poor, { ...direct, destinations: 3 })!,
    /sse takes 2 descriptors a client in each of 3 servers; at most 7500 clients fit; give --nodes 4, or raise/,
  );
});

test('where local ports bound, the shortage says so, how many fit, and what changes it', () => {
  assert.equal(shortageOf(withClients(quotes, 11_998), 'websocket', limits, direct), undefined);
  assert.equal(
    shortageOf(withClients(quotes, 100_000), 'websocket', limits, direct),
    '100000 clients of ticker do not fit: of 28232 local ports (net.ipv4.ip_local_port_range) connections to one ' +
      'server may take 11998, websocket takes 1 a client to the server; at most 11998 clients fit; ' +
      'give --nodes 9',
  );
  assert.equal(
    shortageOf(withClients(quotes, 100_000), 'websocket', limits, { ...direct, destinations: 9 }),
    undefined,
  );
});

test('nodes make no room behind a proxy, nor beyond the most there may be', () => {
  const remedy = (clients: number, between: Parameters<typeof shortageOf>[3]) =>
    shortageOf(withClients(quotes, clients), 'websocket', limits, between)!.split('; ').at(-1);
  const widen = 'widen the range: sysctl -w net.ipv4.ip_local_port_range="1024 65535"';
  assert.equal(remedy(27_417, { ...direct, proxied: true }), widen);
  assert.equal(remedy(27_418, { ...direct, proxied: true }), 'give fewer --clients');
  assert.equal(remedy(64 * 11_998, direct), 'give --nodes 64');
  assert.equal(remedy(64 * 11_998 + 1, direct), 'give fewer --clients');
});

test('where memory bounds, the shortage says so and how many fit', () => {
  const small = { ...limits, memoryBytes: 600 * 2 ** 20 };
  assert.equal(
    shortageOf(withClients(quotes, 2_000), 'websocket', small, direct),
    '2000 clients of ticker do not fit: 600 MiB of memory are available, the processes take 512 and each client some ' +
      '48 KiB; at most 1877 clients fit; end other programs (free -m shows what is taken), or give fewer --clients',
  );
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
