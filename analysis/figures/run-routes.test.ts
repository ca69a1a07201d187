import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteRecord } from '../../results/schema/schema.ts';
import { plainRecord } from '../../testing/by-hand/plain-run.ts';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { mainRoute, routeNamed, routeNames, routeOf } from './run-routes.ts';

function recordOver(routes: readonly RouteRecord[]) {
  return { ...plainRecord, plan: { ...plainRecord.plan, routes: [...routes] } };
}

const [direct, tls, nginx] = syntheticRoutes as readonly [RouteRecord, RouteRecord, RouteRecord];

test('a trial without a route ran over the direct path', () => {
  const { path } = plainTrial();
  assert.equal(routeOf(plainTrial()), 'direct');
  assert.equal(routeOf(plainTrial({ path: { ...path, route: nginx } })), 'nginx');
});

test('the first path of a run is its main one, a run without any has the direct one', () => {
  assert.deepEqual(routeNames(plainRecord), ['direct']);
  assert.equal(mainRoute(plainRecord), 'direct');
  assert.deepEqual(routeNames(recordOver([tls, direct, nginx])), ['tls', 'direct', 'nginx']);
  assert.equal(mainRoute(recordOver([tls, direct])), 'tls');
  assert.equal(mainRoute(recordOver([])), 'direct');
});

test('a path is found by its name; the direct one and unknown ones lead through nothing', () => {
  const record = recordOver([direct, tls, nginx]);
  assert.equal(routeNamed(record, 'tls'), tls);
  assert.equal(routeNamed(record, 'nginx'), nginx);
  assert.equal(routeNamed(record, 'direct'), undefined);
  assert.equal(routeNamed(record, 'h2'), undefined);
  assert.equal(routeNamed(plainRecord, 'tls'), undefined);
});
