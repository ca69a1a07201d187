import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headerLines } from '../../network/route/browser-headers.ts';
import { directRoute } from '../../network/route/route.ts';
import { extraBytes, questionRequested } from './question.ts';

describe('the question of a command line', () => {
  test('a plain load: text in one channel over 40 ms', () => {
    const { question, route } = questionRequested(undefined, { clients: 5000, rate: 0.2 });
    const { scenario, ...rest } = question;
    assert.deepEqual(rest, { rttMs: 40 });
    assert.deepEqual(route, directRoute);
    const { clients, channels, arrivals, semantics, origin, pollIntervalMs } = scenario;
    assert.deepEqual(
      [clients, channels, arrivals, semantics, origin, pollIntervalMs],
      [5000, 1, { kind: 'poisson', perSecond: 0.2 }, 'every', 'server', 1000],
    );
  });

  test('a scenario that options change', () => {
    const { question, route } = questionRequested('chat-room', {
      channels: 20,
      payload: 333,
      semantics: 'latest',
      staleness: 2000,
      rtt: 7,
      nodes: 3,
      tls: true,
      proxy: 'nginx',
      headers: 'browser',
      cookieBytes: 9,
    });
    const { scenario, ...rest } = question;
    assert.deepEqual(rest, { rttMs: 7, toleranceMs: 2000, nodes: 3 });
    assert.deepEqual(
      [scenario.clients, scenario.channels, scenario.payload.bytes, scenario.semantics],
      [100, 20, 333, 'latest'],
    );
    const { tls, proxy, headers, cookieBytes, nodes } = route;
    assert.deepEqual([tls, proxy?.kind, headers, cookieBytes, nodes], [{ resumption: true }, 'nginx', 'browser', 9, 3]);
  });

  test('NGINX alone', () => {
    const { route } = questionRequested('chat-room', { proxy: 'nginx' });
    assert.deepEqual(route, { ...directRoute, proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null } });
  });

  test('an interval of polls beside the tolerance that decides it is refused', () => {
    assert.throws(
      () => questionRequested('chat-room', { staleness: 2000, pollInterval: 1000 }),
      /^UsageError: --poll-interval: --staleness decides how often short polling asks; give one of them$/,
    );
  });

  test('a payload of any size, since nothing is sent', () => {
    assert.equal(questionRequested('chat-room', { payload: 1 }).question.scenario.payload.bytes, 1);
  });
});

describe('bytes beyond minimal headers', () => {
  const minimal = { headers: 'minimal', cookieBytes: 0, tls: null } as const;

  test('none', () => assert.deepEqual(extraBytes(minimal), { poll: 0, publish: 0 }));
  test('a cookie: its name, `: `, and the end of the line', () => {
    assert.deepEqual(extraBytes({ ...minimal, cookieBytes: 100 }), { poll: 110, publish: 110 });
  });
  test('those of a browser, but for what is there anyway', () => {
    const lines = headerLines('http', 'poll').filter(([name]) => !/^(host|connection|cookie)$/i.test(name));
    const bytes = lines.reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0);
    const { poll, publish } = extraBytes({ ...minimal, headers: 'browser' });
    assert.equal(poll, bytes);
    assert.ok(poll > 300 && publish > poll, `${poll}, ${publish}`);
    const secure = extraBytes({ headers: 'browser', cookieBytes: 100, tls: { resumption: true } });
    assert.ok(secure.poll > poll + 110, String(secure.poll));
  });
});
