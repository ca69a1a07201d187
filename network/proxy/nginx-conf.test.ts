import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balancings, mistakes } from '../route/route.ts';
import { isAtLeast, type NginxSite, nginxConfiguration } from './nginx-conf.ts';
import { mistakeTexts } from './nginx-mistakes.ts';

const site: NginxSite = {
  version: '1.22.1',
  root: false,
  listen: { host: '127.0.0.1', port: 8080 },
  nodes: [
    { host: '127.0.0.1', port: 8081 },
    { host: '127.0.0.1', port: 8082 },
  ],
  balancing: 'ip_hash',
  mistake: null,
  tls: null,
  http: 1,
  connections: 100,
  holdMs: 25_000,
  heartbeatMs: 25_000,
};

/** One configuration of each kind. */
const sites: readonly NginxSite[] = [
  site,
  { ...site, root: true },
  ...balancings.map((balancing) => ({ ...site, balancing })),
  ...mistakes.map((mistake) => ({ ...site, mistake })),
  ...[true, false].map((resumption) => ({ ...site, tls: { resumption } })),
  { ...site, tls: { resumption: true }, http: 2, version: '1.27.4' },
];

test('each directive has its reason above it', () => {
  for (const each of sites) {
    const lines = nginxConfiguration(each).split('\n');
    const directives = [...lines.entries()].filter(([, line]) => /^\s*[^#\s}]/.test(line));
    assert.ok(directives.length > 30);
    for (const [place, line] of directives) {
      assert.match(line, /[;{]$/);
      assert.match(lines[place - 1]!, /^\s*# \S.{10,}[.:]$/, `in front of ${line}`);
    }
  }
});

test('blocks are indented and closed', () => {
  let depth = 0;
  for (const line of nginxConfiguration(site).trimEnd().split('\n')) {
    if (line.trim() === '}') depth--;
    assert.equal(/^ */.exec(line)![0].length, line === '' ? 0 : 4 * depth, line);
    if (line.endsWith('{')) depth++;
  }
  assert.equal(depth, 0);
});

test('a balancing method precedes keepalive, which wraps it; round robin needs none', () => {
  assert.match(nginxConfiguration(site), /ip_hash;[\s\S]*keepalive 100;/);
  assert.match(nginxConfiguration({ ...site, balancing: 'least_conn' }), /least_conn;[\s\S]*keepalive 100;/);
  assert.doesNotMatch(nginxConfiguration({ ...site, balancing: 'round_robin' }), /^\s*(ip_hash|least_conn);/m);
});

test('the read timeout exceeds hold and heartbeat', () => {
  const waits = (changes: Partial<NginxSite>) =>
    Number(/proxy_read_timeout (\d+)ms;/.exec(nginxConfiguration({ ...site, ...changes }))![1]);
  assert.equal(waits({}), 60_000);
  assert.equal(waits({ holdMs: 100_000 }), 200_000);
  assert.equal(waits({ heartbeatMs: 70_000 }), 140_000);
  assert.equal(waits({ mistake: 'short-read-timeout' }), 1_000);
  assert.equal(waits({ mistake: 'short-read-timeout', holdMs: 800 }), 400);
});

test('a mistake changes its own directives and nothing else', () => {
  const directivesOf = (changes: Partial<NginxSite>) =>
    nginxConfiguration({ ...site, ...changes })
      .split('\n')
      .filter((line) => !/^\s*#/.test(line))
      .map((line) => line.trim());
  const right = directivesOf({});
  const missing = (changes: Partial<NginxSite>) => {
    const wrong = directivesOf(changes);
    return right.filter((line) => !wrong.includes(line));
  };
  assert.deepEqual(missing({ mistake: 'no-upgrade-headers' }), [
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $connection_upgrade;',
  ]);
  assert.deepEqual(missing({ mistake: 'buffered-sse' }), []);
  assert.match(
    nginxConfiguration({ ...site, mistake: 'buffered-sse' }),
    /location \/events \{[^}]*proxy_buffering on;/,
  );
  assert.deepEqual(missing({ mistake: 'short-read-timeout' }), ['proxy_read_timeout 60000ms;']);
  // The upstream group loses its keepalive directives; the virtual server keeps directives of the same names.
  assert.ok(missing({ mistake: 'no-upstream-keepalive' }).every((line) => line.startsWith('keepalive')));
  assert.doesNotMatch(
    nginxConfiguration({ ...site, mistake: 'no-upstream-keepalive' }),
    /upstream nodes \{[^}]*keepalive/,
  );
});

test('where connections are kept by default, keeping none is said', () => {
  const group = (version: string) =>
    /upstream nodes \{[^}]*\}/.exec(nginxConfiguration({ ...site, version, mistake: 'no-upstream-keepalive' }))![0];
  assert.doesNotMatch(group('1.29.6'), /keepalive/);
  assert.match(group('1.29.7'), /^\s*keepalive 0;$/m);
});

test('a deliberately wrong file says so at its top, with symptom and cure', () => {
  for (const mistake of mistakes) {
    const text = nginxConfiguration({ ...site, mistake });
    const { symptom, cure } = mistakeTexts[mistake];
    assert.ok(text.includes(`# WRONG ON PURPOSE, ${mistake}: `) && text.includes(symptom) && text.includes(cure));
  }
  assert.doesNotMatch(nginxConfiguration(site), /WRONG ON PURPOSE/);
});

test('HTTP/2 is switched on in the syntax of each version', () => {
  const secure = { ...site, tls: { resumption: true }, http: 2 } as const;
  assert.match(nginxConfiguration(secure), /listen 127\.0\.0\.1:8080 ssl http2;/);
  const newer = nginxConfiguration({ ...secure, version: '1.25.1' });
  assert.match(newer, /listen 127\.0\.0\.1:8080 ssl;/);
  assert.match(newer, /http2 on;/);
});

test('versions are compared number by number', () => {
  assert.ok(isAtLeast('1.25.1', [1, 25, 1]) && isAtLeast('1.26.0', [1, 25, 1]) && isAtLeast('2.0.0', [1, 25, 1]));
  assert.ok(!isAtLeast('1.25.0', [1, 25, 1]) && !isAtLeast('1.9.15', [1, 25, 1]));
});
