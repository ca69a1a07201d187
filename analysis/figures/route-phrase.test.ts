import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteRecord } from '../../results/schema/schema.ts';
import { syntheticMistake, syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { capitalised, routePhrase } from './route-phrase.ts';

test('each path has a phrase', () => {
  assert.deepEqual(syntheticRoutes.map(routePhrase), [
    'directly',
    'over TLS',
    'through NGINX with one node',
    'over TLS through NGINX with one node',
    'through NGINX with 2 nodes',
    'over HTTP/2 with TLS',
    'with a browser’s headers',
    'compressed',
  ]);
  assert.equal(routePhrase(undefined), 'directly');
  assert.equal(routePhrase(syntheticMistake), 'through NGINX with 2 nodes and the mistake no-upgrade-headers');
});

test('unusual settings of a path are in its phrase', () => {
  const route: RouteRecord = {
    name: 'all',
    tls: { resumption: false },
    http: 1,
    proxy: { kind: 'nginx', balancing: 'least_conn', mistake: null },
    nodes: 3,
    headers: 'browser',
    cookieBytes: 1_200,
    compression: { contextTakeover: false },
  };
  assert.equal(
    routePhrase(route),
    'over TLS without session resumption through NGINX with 3 nodes by fewest connections (least_conn), ' +
      'with a browser’s headers, with a cookie of 1,200 bytes, compressed without context takeover',
  );
  const one = { ...route, tls: null, nodes: 1, headers: 'minimal', cookieBytes: 0, compression: null } as const;
  assert.equal(routePhrase(one), 'through NGINX with one node');
});

test('several nodes without a proxy of pvw, and the smallest cookie', () => {
  const direct = syntheticRoutes[0]!;
  assert.equal(routePhrase({ ...direct, nodes: 2 }), 'to 2 nodes');
  assert.match(routePhrase({ ...direct, cookieBytes: 1 }), /^with a cookie of 1 /);
});

test('with two nodes it is said how one is chosen', () => {
  const proxied = syntheticRoutes[4]!;
  const proxy = { kind: 'nginx', balancing: 'round_robin', mistake: null } as const;
  assert.equal(routePhrase({ ...proxied, proxy }), 'through NGINX with 2 nodes by turns (round robin)');
});

test('a phrase at the beginning of a sentence', () => {
  assert.equal(capitalised('over TLS'), 'Over TLS');
});
