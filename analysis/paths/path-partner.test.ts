import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteRecord } from '../../results/schema/schema.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { partnerOf } from './path-partner.ts';

function routesNamed(...names: readonly string[]): readonly RouteRecord[] {
  return names.map((name) => syntheticRoutes.find((route) => route.name === name)!);
}

test('each compared path has a partner that differs in one thing', () => {
  assert.equal(partnerOf('direct', syntheticRoutes), undefined);
  const partners = syntheticRoutes.slice(1).map(({ name }) => {
    const { route, isMain, differsIn } = partnerOf(name, syntheticRoutes)!;
    assert.equal(isMain, route === 'direct', name);
    return `${name} over ${route}: ${differsIn.join()}`;
  });
  assert.deepEqual(partners, [
    'tls over direct: tls',
    'nginx over direct: proxy',
    'nginx+tls over tls: proxy',
    'nginx-2-nodes over nginx: nodes',
    'h2 over tls: http',
    'browser-headers over direct: headers',
    'compressed over direct: compression',
  ]);
});

test('without such a partner the main path is used, and all aspects in the ratio are listed', () => {
  assert.deepEqual(partnerOf('h2', routesNamed('direct', 'h2')), {
    route: 'direct',
    isMain: true,
    differsIn: ['tls', 'http'],
  });
});

test('the order of the paths does not matter, and no path is compared with one farther from the main path', () => {
  assert.equal(partnerOf('h2', routesNamed('direct', 'h2', 'tls'))?.route, 'tls');
  assert.equal(partnerOf('tls', routesNamed('direct', 'h2', 'tls'))?.route, 'direct');
  assert.equal(partnerOf('direct', routesNamed('h2', 'tls', 'direct'))?.route, 'tls');
});
