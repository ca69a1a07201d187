import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute, routeName } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { UsageError } from '../../text/usage-error.ts';
import { pathList, pathWords } from '../options/path-list.ts';
import type { RouteOptions } from '../options/route-options.ts';
import { routesRequested } from './routes-requested.ts';

const listed = (text: string) => pathList('--paths')(text);

function complaintAbout(given: RouteOptions, over = transports as readonly (typeof transports)[number][]): string {
  try {
    routesRequested(given, over);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail('nothing was refused');
}

test('without options the path is direct', () => {
  assert.deepEqual(routesRequested({}, transports), [directRoute]);
  assert.equal(routeName(directRoute), 'direct');
});

test('--paths takes all paths by their names, each once, and refuses unknown words', () => {
  assert.deepEqual(listed('all').map(routeName), pathWords);
  assert.deepEqual(listed('nginx+tls, direct,direct,tls+nginx').map(routeName), ['nginx+tls', 'direct']);
  assert.throws(() => listed('direct,ngnix'), /"ngnix" is unknown \(did you mean nginx\?\)/);
  assert.throws(() => listed('constructor'), /"constructor" is unknown/);
});

test('the name of a path through NGINX has the number of nodes unless it is one, by --paths or by --nodes', () => {
  const [one, two, secure] = listed('nginx,nginx-2-nodes,tls+nginx-2-nodes');
  assert.deepEqual([one!.nodes, two!.nodes, secure!.nodes], [1, 2, 2]);
  assert.equal(routeName(secure!), 'nginx-2-nodes+tls');
  const single = (nodes?: number) => routesRequested({ proxy: 'nginx', ...(nodes && { nodes }) }, transports);
  assert.deepEqual(single(), [two]);
  assert.deepEqual(single(1), [one]);
  assert.equal(routeName(single(3)[0]!), 'nginx-3-nodes');
});

test('the synthetic routes for tests of the report are the compared paths', () => {
  const named = listed('all').map((route) => ({ name: routeName(route), ...route }));
  assert.deepEqual(syntheticRoutes, named);
});

test('options for a single path make one path, with defaults for the rest', () => {
  const [tls] = routesRequested({ tls: true, tlsResumption: 'off', cookieBytes: 300 }, transports);
  assert.equal(routeName(tls!), 'tls+no-resumption+cookie-300');
  const [h2] = routesRequested({ http: '2' }, transports);
  assert.deepEqual([routeName(h2!), h2!.tls], ['h2', { resumption: true }]);
  const [nginx] = routesRequested({ proxy: 'nginx', tls: true, balance: 'least_conn' }, transports);
  assert.deepEqual([routeName(nginx!), nginx!.nodes], ['nginx-2-nodes+least_conn+tls', 2]);
  const [spread] = routesRequested({ nodes: 9 }, transports);
  assert.deepEqual([routeName(spread!), spread!.proxy, spread!.nodes], ['9-nodes', null, 9]);
  const [wrong] = routesRequested({ proxy: 'nginx', mistake: 'buffered-sse' }, ['sse']);
  assert.equal(routeName(wrong!), 'nginx-2-nodes:buffered-sse');
  const [compressed] = routesRequested({ compression: true, compressionContext: 'off' }, transports);
  assert.deepEqual(compressed!.compression, { contextTakeover: false });
});

test('options that contradict each other are refused with the reason', () => {
  assert.match(complaintAbout({ paths: listed('tls'), tls: true }), /^--paths: .* together with --tls; join words/);
  assert.match(complaintAbout({ tlsResumption: 'off' }), /^--tls-resumption: off needs --tls$/);
  assert.match(complaintAbout({ balance: 'ip_hash' }), /^--balance: ip_hash needs --proxy nginx$/);
  assert.match(complaintAbout({ mistake: 'buffered-sse' }), /^--mistake: buffered-sse needs --proxy nginx/);
  assert.match(complaintAbout({ compressionContext: 'on' }), /^--compression-context: on needs --compression$/);
  assert.match(complaintAbout({ http: '2' }, ['websocket']), /^--http: 2 is not for websocket/);
  assert.match(complaintAbout({ paths: listed('direct,h2') }, ['websocket']), /^--http: 2 is not for websocket/);
  const needsSse: RouteOptions = { proxy: 'nginx', mistake: 'buffered-sse' };
  assert.match(complaintAbout(needsSse, ['websocket']), /^--mistake: buffered-sse shows only with sse/);
});
