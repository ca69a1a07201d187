import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute, type Route } from '../../network/route/route.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type CrewSize, crewSizeOf } from './crew-size.ts';

const ticker = findScenario('ticker')!;

function sizeOf(
  delay: Parameters<typeof crewSizeOf>[1],
  { route = directRoute, scenario = ticker }: { readonly route?: Route; readonly scenario?: Scenario } = {},
): CrewSize {
  const planned = { scenario, repeats: 1, durationMs: 1_000, warmupMs: 0 };
  return crewSizeOf({ planned, transport: 'websocket', route }, delay, 20_000);
}

test('a server alone has a source, unless clients publish', () => {
  const alone = { server: 1, proxy: 0, source: 1, backplane: 0, relay: 0 };
  assert.deepEqual(sizeOf('none'), alone);
  assert.deepEqual(sizeOf('netem'), alone);
  assert.deepEqual(sizeOf('none', { scenario: findScenario('chat-room')! }), { ...alone, source: 0 });
});

test('several nodes have a backplane, and a proxy is one process', () => {
  const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake: null } as const;
  const { server, proxy: proxies, backplane } = sizeOf('none', { route: { ...directRoute, nodes: 3, proxy } });
  assert.deepEqual([server, proxies, backplane], [3, 1, 1]);
});

test('nodes without a proxy have as many relays of connections each', () => {
  const route = { ...directRoute, nodes: 3 };
  assert.equal(sizeOf('tcp-relay', { route }).relay, 3);
  assert.equal(sizeOf('tcp-relay', { route, scenario: { ...ticker, clients: 40_000 } }).relay, 6);
  assert.equal(sizeOf('vxlan-relay', { route }).relay, 1);
});

test('a relay of packets is one process, relays of connections are as many as their descriptors need', () => {
  const many = { ...ticker, clients: 19_744 };
  assert.deepEqual([sizeOf('vxlan-relay', { scenario: many }).relay, sizeOf('tcp-relay').relay], [1, 1]);
  assert.equal(sizeOf('tcp-relay', { scenario: many }).relay, 2);
});
