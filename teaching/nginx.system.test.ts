import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { connectClient, emit, range, startTestNode, until } from '../contract/harness.ts';
import { findCommand } from '../machine/host/system-tools.ts';
import { transports } from '../protocol/transport.ts';
import { type RunningNginx, startNginx } from './nginx-of-the-text.ts';

const nginx = findCommand('nginx');
const openssl = findCommand('openssl');
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = !(nginx && openssl) && !required && 'nginx or openssl is missing: install both';

type Behind = readonly [number, number];

/** NGINX with the configuration of docs/why-websocket.md, without the lines that match `without` and with `also`. */
async function inFrontOf(t: TestContext, behind: Behind, without?: RegExp, also?: string): Promise<RunningNginx> {
  assert.ok(nginx && openssl, 'nginx or openssl is missing, and here they are required');
  const proxy = await startNginx({ nginx, openssl, behind, ...(without && { without }), ...(also && { also }) });
  t.after(() => proxy.stop());
  return proxy;
}

async function startNode(t: TestContext) {
  const node = await startTestNode();
  t.after(() => node.close());
  return node;
}

for (const transport of transports) {
  test(`${transport} works through NGINX as the text configures it`, { skip }, async (t) => {
    const node = await startNode(t);
    const proxy = await inFrontOf(t, [node.port, node.port]);
    const client = connectClient(node, transport, { port: proxy.port });
    t.after(() => client.close());
    await until(() => client.timesSubscribed() === 1, 'it is subscribed');
    for (let i = 1; i <= 20; i++) emit(node, i);
    await until(() => client.versions.length === 20, 'all have arrived');
    assert.deepEqual(client.versions, range(1, 20));
    client.publish(1, 'and back');
    await until(() => client.acknowledged.length === 1, 'the publish is acknowledged');
  });
}

test('wss works through it too', { skip }, async (t) => {
  const node = await startNode(t);
  const proxy = await inFrontOf(t, [node.port, node.port]);
  const socket = new WebSocket(`wss://127.0.0.1:${proxy.tlsPort}/socket?channel=0`, 'pvw.json', {
    rejectUnauthorized: false,
  });
  await once(socket, 'open');
  const message = once(socket, 'message');
  emit(node, 'over TLS');
  const [data] = (await message) as [Buffer];
  assert.equal(JSON.parse(String(data))[3], 'over TLS');
  socket.terminate();
});

for (const line of [/Upgrade +\$http_upgrade/, /Connection +\$connection_upgrade/]) {
  test(`without ${line.source} a WebSocket is refused`, { skip }, async (t) => {
    const node = await startNode(t);
    const proxy = await inFrontOf(t, [node.port, node.port], line);
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/socket?channel=0`, 'pvw.json');
    const [error] = (await once(socket, 'error').catch((reason: unknown) => [reason])) as [Error];
    assert.match(error.message, /Unexpected server response: 4\d\d/);
  });
}

test('polls share an upstream connection only with keepalive', { skip }, async (t) => {
  const opened = async (without?: RegExp) => {
    const node = await startNode(t);
    const proxy = await inFrontOf(t, [node.port, node.port], without);
    const before = node.socketTotals().openedSockets;
    for (let i = 0; i < 20; i++) await answerOf(get(pollUrl(proxy.port)));
    return node.socketTotals().openedSockets - before;
  };
  assert.ok((await opened()) <= 2);
  assert.equal(await opened(/keepalive (64|_)|keepalive_requests/), 20);
});

/** More than the kernel buffers in the sockets between server and reader. */
const floodBytes = 96 * 2 ** 20;
const pieceBytes = 64 * 1024;

test('the server notices a stalled reader only without buffering', { skip }, async (t) => {
  const noticed = async (without?: RegExp) => {
    const node = await startNode(t);
    const proxy = await inFrontOf(t, [node.port, node.port], without);
    const reader = connect(proxy.port, '127.0.0.1');
    t.after(() => reader.destroy());
    reader.write('GET /events?channel=0 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    // The response has started; read nothing from here on.
    await once(reader, 'readable');
    const piece = 'x'.repeat(pieceBytes);
    for (let sent = 0; sent < floodBytes && node.context.tally.slowReaders === 0; sent += pieceBytes) {
      emit(node, piece);
      await sleep(2);
    }
    return node.context.tally.slowReaders > 0;
  };
  assert.equal(await noticed(), true);
  assert.equal(await noticed(/proxy_buffering/), false);
});

/** Long enough for everything that is still to come. */
const settledMs = 250;

test('gzip holds events back, and the head of the answer with them, unless buffering is off', { skip }, async (t) => {
  const node = await startNode(t);
  const readThrough = async (without?: RegExp) => {
    const proxy = await inFrontOf(t, [node.port, node.port], without, 'gzip on; gzip_types text/event-stream;');
    const before = node.context.stream.subscribers(0);
    const reader = connect(proxy.port, '127.0.0.1');
    t.after(() => reader.destroy());
    let text = '';
    reader.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
    });
    reader.write('GET /events?channel=0 HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n');
    await until(() => node.context.stream.subscribers(0) === before + 1, 'the server has answered');
    return () => text;
  };
  const passing = await readThrough();
  const held = await readThrough(/proxy_buffering/);
  for (let i = 1; i <= 5; i++) {
    const before = passing().length;
    emit(node, i);
    await until(() => passing().length > before, `event ${i} has come before the next is sent`);
  }
  assert.match(passing(), /^content-encoding: gzip\r$/im);
  await sleep(settledMs);
  assert.equal(held(), '');
});

test('the upstream servers learn the host, client address and protocol', { skip }, async (t) => {
  const seen: IncomingMessage[] = [];
  const behind = await startEcho(t, (request) => seen.push(request));
  const proxy = await inFrontOf(t, [behind, behind]);
  const headers = { host: 'chat.example.com', 'x-forwarded-for': '203.0.113.9' };
  await answerOf(get(`http://127.0.0.1:${proxy.port}/`, { headers }));
  const got = seen[0]?.headers;
  assert.equal(got?.host, 'chat.example.com');
  // The client's own value comes first and cannot be trusted. NGINX appends the address that it saw.
  assert.equal(got?.['x-forwarded-for'], '203.0.113.9, 127.0.0.1');
  assert.equal(got?.['x-forwarded-proto'], 'http');
  assert.equal(got?.connection, undefined);
});

test('ip_hash sends all clients with the same first three address bytes to one server', { skip }, async (t) => {
  const counts = [0, 0];
  const behind = await Promise.all([0, 1].map((index) => startEcho(t, () => counts[index]!++)));
  const proxy = await inFrontOf(t, [behind[0]!, behind[1]!]);
  const ask = (localAddress: string) => answerOf(get(`http://127.0.0.1:${proxy.port}/`, { localAddress }));
  for (let i = 1; i <= 20; i++) await ask(`127.0.0.${i}`);
  assert.deepEqual([...counts].sort(), [0, 20]);
  for (let i = 1; i <= 20; i++) await ask(`127.0.${i}.1`);
  assert.ok(Math.min(...counts) > 0, 'others are spread');
});

function pollUrl(port: number): string {
  return `http://127.0.0.1:${port}/updates?channel=0&after=0`;
}

async function answerOf(request: ReturnType<typeof get>): Promise<void> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

async function startEcho(t: TestContext, onRequest: (request: IncomingMessage) => void): Promise<number> {
  const server = createServer((request, response) => {
    onRequest(request);
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}
