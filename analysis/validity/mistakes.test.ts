import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import type { CompletedTrial, TrialRecord } from '../../results/schema/schema.ts';
import { plainFailure, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { isExhibit, shownIn } from './mistakes.ts';

type Mistake = keyof typeof mistakeTexts;

/** A path through NGINX with this mistake. */
function through(mistake: Mistake | null): TrialRecord['path'] {
  const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake } as const;
  const route = { tls: null, http: 1, nodes: 1, headers: 'minimal', cookieBytes: 0, compression: null } as const;
  return { ...plainTrial().path, route: { ...route, name: 'nginx', proxy } };
}

const { counts, ledger } = plainTrial();

/** The transports whose trial, gone wrong in this way, is an exhibit of the mistake. */
function exhibits(mistake: Mistake, wrong: (transport: Transport) => TrialRecord): readonly Transport[] {
  return transports.filter((transport) => isExhibit({ ...wrong(transport), path: through(mistake) }));
}

test('refused connections are an exhibit of missing upgrade headers and of buffered events', () => {
  const refused = (transport: Transport) => plainFailure({ transport, stage: 'connect' });
  assert.deepEqual(exhibits('no-upgrade-headers', refused), ['websocket']);
  assert.deepEqual(exhibits('buffered-sse', refused), ['sse']);
  assert.deepEqual(exhibits('short-read-timeout', refused), []);
  assert.deepEqual(exhibits('no-upstream-keepalive', refused), []);
});

test('a failure at another stage is not an exhibit', () => {
  const died = (transport: Transport) => plainFailure({ transport, stage: 'measure' });
  for (const mistake of ['no-upgrade-headers', 'buffered-sse', 'short-read-timeout'] as const) {
    assert.deepEqual(exhibits(mistake, died), [], mistake);
  }
});

test('lost events are an exhibit of buffering', () => {
  const losing = (lost: number) => (transport: Transport) => plainTrial({ transport, ledger: { ...ledger, lost } });
  assert.deepEqual(exhibits('buffered-sse', losing(1)), ['sse']);
  assert.deepEqual(exhibits('buffered-sse', losing(0)), []);
  assert.deepEqual(exhibits('no-upgrade-headers', losing(1)), []);
});

test('error answers and reconnects are an exhibit of a short timeout', () => {
  const cut = (errors: number, reconnects: number) => (transport: Transport) =>
    plainTrial({ transport, counts: { ...counts, errors, reconnects } });
  const hit = ['long-polling', 'sse', 'websocket'];
  assert.deepEqual(exhibits('short-read-timeout', cut(1, 0)), hit);
  assert.deepEqual(exhibits('short-read-timeout', cut(0, 1)), hit);
  assert.deepEqual(exhibits('short-read-timeout', cut(1, 1)), hit);
  assert.deepEqual(exhibits('short-read-timeout', cut(0, 0)), []);
});

test('without a mistake nothing is an exhibit', () => {
  const failed = plainFailure({ stage: 'connect' });
  assert.equal(isExhibit(failed), false);
  assert.equal(isExhibit({ ...failed, path: through(null) }), false);
  const { route, ...path } = through(null);
  assert.equal(isExhibit({ ...failed, path: { ...path, route: { ...route!, proxy: null } } }), false);
});

function repeats(mistake: Mistake | null, transport: Transport, altered: Partial<CompletedTrial>) {
  return shownIn([0, 1].map((block) => plainTrial({ transport, block, path: through(mistake), ...altered })));
}

test('completed repeats show the mistake in numbers, where it affects the transport', () => {
  const cut = { counts: { ...counts, reconnects: 21 } };
  const said = ['42 times a connection in which nothing happened was cut off, and opened again.'];
  assert.deepEqual(repeats('short-read-timeout', 'sse', cut), said);
  assert.deepEqual(repeats('short-read-timeout', 'short-polling', cut), []);
  assert.deepEqual(repeats('short-read-timeout', 'sse', {}), []);
  assert.deepEqual(repeats('buffered-sse', 'sse', cut), []);
  assert.deepEqual(repeats(null, 'sse', cut), []);
  assert.deepEqual(shownIn([]), []);
});

test('connections behind the proxy are counted beside the requests', () => {
  const proxy = { version: '1', configuration: null, workers: 1, clientsByNode: [1], upstreamConnections: 64 };
  const asked = { counts: { ...counts, requests: 500, reconnects: 3 } };
  assert.deepEqual(repeats('no-upstream-keepalive', 'long-polling', { ...asked, proxy }), [
    '128 connections were opened between NGINX and the servers, for 1,000 requests.',
  ]);
  assert.deepEqual(repeats('no-upstream-keepalive', 'long-polling', asked), [
    '0 connections were opened between NGINX and the servers, for 1,000 requests.',
  ]);
  assert.deepEqual(repeats('no-upstream-keepalive', 'sse', { ...asked, proxy }), []);
});

test('each mistake has its symptom and its remedy', () => {
  for (const { title, symptom, cure, hits } of Object.values(mistakeTexts)) {
    assert.ok(hits.length > 0);
    for (const text of [title, symptom, cure]) assert.doesNotMatch(text, /\n/);
    assert.match(symptom, /\.$/);
  }
});

test('one trial is enough to show something', () => {
  const one = plainTrial({ transport: 'short-polling', path: through('no-upstream-keepalive') });
  assert.equal(shownIn([one]).length, 1);
});
