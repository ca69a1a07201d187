import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { emit, startTestNode } from '../../contract/harness.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { startNginx } from './nginx.ts';

/** TLS that ends at NGINX, as the configuration asks. Trials test the suite's own clients over it. */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const openssl = findCommand('openssl');
const missing = findCommand('nginx') === undefined || openssl === undefined;
const skip = missing && !required && 'nginx or openssl is missing: install nginx-light and openssl';

type Secure = { readonly http: 1 | 2; readonly resumption: boolean };

async function inFront(t: TestContext, { http, resumption }: Secure) {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-secure-'));
  const [keyFile, certFile] = [join(directory, 'key'), join(directory, 'cert')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=pvw', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const files = ['-keyout', keyFile, '-out', certFile];
  execFileSync(openssl!, ['req', '-x509', '-days', '2', ...curve, ...names, ...files], { stdio: 'ignore' });
  const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
  const node = await startTestNode();
  const nginx = await startNginx({
    directory,
    host: '127.0.0.1',
    nodes: [{ host: '127.0.0.1', port: node.port }],
    balancing: 'ip_hash',
    mistake: null,
    tls: { resumption, key, cert },
    http,
    connections: 10,
    holdMs: scenarioFields.holdMs.default,
    heartbeatMs: scenarioFields.heartbeatMs.default,
  });
  t.after(async () => {
    nginx.stop();
    await node.close();
    rmSync(directory, { recursive: true });
  });
  emit(node, 'the state');
  return { node, port: nginx.port, cert };
}

/** One poll on its own connection. Resolves with the socket once a session ticket could have arrived. */
async function poll(port: number, ca: string, session?: Buffer) {
  const socket: TLSSocket = connect({
    host: '127.0.0.1',
    port,
    ca,
    ALPNProtocols: ['http/1.1'],
    ...(session && { session }),
  });
  let ticket: Buffer | undefined;
  socket.on('session', (given: Buffer) => {
    ticket = given;
  });
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  await once(socket, 'secureConnect');
  const [reused, protocol] = [socket.isSessionReused(), socket.getProtocol()];
  socket.write('GET /updates?channel=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await once(socket, 'close');
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*the state/);
  return { ticket, reused, protocol };
}

for (const resumption of [true, false]) {
  test(`TLS 1.3 ends at NGINX; sessions are ${resumption ? '' : 'not '}continued`, { skip }, async (t) => {
    const { port, cert } = await inFront(t, { http: 1, resumption });
    const first = await poll(port, cert);
    assert.deepEqual([first.protocol, first.reused], ['TLSv1.3', false]);
    const second = await poll(port, cert, first.ticket);
    assert.equal(second.reused, resumption);
  });
}

test('over HTTP/2 a poll is answered, and a WebSocket connects over HTTP/1.1 on the same port', { skip }, async (t) => {
  const { port, cert } = await inFront(t, { http: 2, resumption: true });
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: cert });
  t.after(() => session.destroy());
  await once(session, 'connect');
  assert.equal(session.alpnProtocol, 'h2');
  const stream = session.request({ ':path': '/updates?channel=0' });
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  assert.equal(headers[':status'], 200);
  stream.resume();
  await once(stream, 'end');
  const socket = new WebSocket(`wss://127.0.0.1:${port}/socket?channel=0`, 'pvw.json', { ca: cert });
  t.after(() => socket.terminate());
  const [data] = (await once(socket, 'message')) as [Buffer];
  assert.equal(JSON.parse(String(data))[3], 'the state');
});

test('HTTP/2 is offered only when configured', { skip }, async (t) => {
  const { port, cert } = await inFront(t, { http: 1, resumption: true });
  const socket = connect({ host: '127.0.0.1', port, ca: cert, ALPNProtocols: ['h2', 'http/1.1'] });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  assert.equal(socket.alpnProtocol, 'http/1.1');
});
