import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { closeCodes } from '../protocol/socket-messages.ts';
import type { StateNode } from '../servers/main/node.ts';
import { connectClient, emit, startTestNode, until } from './harness.ts';

const url = (node: StateNode, path: string) => `http://127.0.0.1:${node.port}${path}`;

async function closeCode(node: StateNode, path: string, protocols: string[], send?: string): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}${path}`, protocols);
  return new Promise((resolve) => {
    socket.on('open', () => send !== undefined && socket.send(send));
    socket.on('close', resolve);
    socket.on('error', () => {});
  });
}

test('answers a query outside the contract with 400 and the field', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const bad = [
    '',
    '?channel=',
    '?channel=2',
    '?channel=-1',
    '?channel=0&after=x',
    '?channel=0&wait=1.5',
    '?channel=0&client=-2',
  ];
  for (const query of bad) {
    for (const path of ['/updates', '/events']) {
      const response = await fetch(url(node, path + query));
      assert.equal(response.status, 400, path + query);
      assert.match(await response.text(), /^(channel|after|wait|client): /);
    }
    assert.equal(await closeCode(node, `/socket${query}`, ['pvw.json']), 1006, query);
  }
});

test('answers a Last-Event-ID that is not a version with 400', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const response = await fetch(url(node, '/events?channel=0'), { headers: { 'last-event-id': 'abc' } });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /^Last-Event-ID: "abc"/);
});

test('Last-Event-ID wins over after', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  for (let i = 1; i <= 5; i++) emit(node, i);
  const response = await fetch(url(node, '/events?channel=0&after=1'), { headers: { 'last-event-id': '4' } });
  const { value } = await response.body!.getReader().read();
  assert.match(Buffer.from(value!).toString(), /^id: 5\n/);
});

test('refuses unknown paths, methods and upgrades', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  assert.equal((await fetch(url(node, '/'))).status, 404);
  assert.equal((await fetch(url(node, '/updates?channel=0'), { method: 'DELETE' })).status, 405);
  assert.equal((await fetch(url(node, '/socket?channel=0'))).status, 426);
  assert.equal(await closeCode(node, '/updates?channel=0', ['pvw.json']), 1006);
  assert.equal(await closeCode(node, '/socket?channel=0', ['pvw.binary']), 1006, 'the other encoding');
});

test('a publish beyond the limit: 413 or close code 1009; a malformed message: 4400', async (t) => {
  const node = await startTestNode({ limits: { publishBytes: 1000 } });
  t.after(() => node.close());
  const long = `[1,1,0,"${'x'.repeat(2000)}"]`;
  const response = await fetch(url(node, '/updates?client=1'), { method: 'POST', body: long });
  assert.equal(response.status, 413);
  assert.equal(await closeCode(node, '/socket?channel=0&client=1', ['pvw.json'], long), 1009);
  assert.equal(await closeCode(node, '/socket?channel=0&client=1', ['pvw.json'], 'hello'), closeCodes.badRequest);
  assert.equal(await closeCode(node, '/socket?channel=0', ['pvw.json'], '[1,1,0,"x"]'), closeCodes.badRequest);
  assert.equal(node.context.stream.head(0), 0);
});

test('answers headers beyond the limit with 431', async (t) => {
  const node = await startTestNode({ limits: { headerBytes: 2048 } });
  t.after(() => node.close());
  const response = await fetch(url(node, '/updates?channel=0'), { headers: { cookie: 'c'.repeat(4000) } });
  assert.equal(response.status, 431);
});

test('closes connections beyond the limit; the others continue', async (t) => {
  const node = await startTestNode({ limits: { connections: 5 } });
  t.after(() => node.close());
  let closed = 0;
  const sockets = Array.from({ length: 8 }, () => connect(node.port, '127.0.0.1'));
  for (const socket of sockets) {
    t.after(() => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => closed++);
  }
  await until(() => closed === 3, 'three were closed');
  assert.equal(node.socketTotals().openSockets, 5);
});

test('an answer is bounded; the rest comes with later polls', async (t) => {
  const node = await startTestNode({ limits: { answerBytes: 10_000 } });
  t.after(() => node.close());
  for (let i = 1; i <= 100; i++) emit(node, 'x'.repeat(1000));
  for (const transport of ['short-polling', 'long-polling'] as const) {
    const client = connectClient(node, transport, { after: 0, pollIntervalMs: 5 });
    t.after(client.close);
    await until(() => client.versions.length === 100, 'all are there');
    assert.ok(client.tally.requests >= 11, `${client.tally.requests} requests`);
    assert.equal(client.ledger().missing, 0);
  }
});

test('a refused upgrade frees its connection, even if the peer keeps its side open', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const socket = connect({ port: node.port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  socket.write('GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await until(() => node.context.tally.requests === 1, 'it was read');
  await until(() => node.socketTotals().openSockets === 0, 'the server has closed its side');
});

test('the server refuses a client with the other encoding', async (t) => {
  const node = await startTestNode({ encoding: 'binary' });
  t.after(() => node.close());
  const socket = connect(node.port, '127.0.0.1');
  t.after(() => socket.destroy());
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: pvw.json\r\n';
  socket.write(`GET /socket?channel=0 HTTP/1.1\r\nHost: x\r\n${upgrade}${key}\r\n`);
  await until(() => answer.includes('\r\n\r\n'), 'it is answered');
  assert.match(answer, /^HTTP\/1\.1 400 /);
});

test('a node closes although its source is still connected', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-backplane-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const backplanePath = join(directory, 'source.sock');
  const node = await startTestNode({ backplanePath });
  const source = connect(backplanePath);
  await new Promise((resolve) => source.once('connect', resolve));
  await node.close();
});

test('a node whose port is in use picks another', async (t) => {
  const first = await startTestNode();
  t.after(() => first.close());
  const second = await startTestNode({ port: first.port });
  t.after(() => second.close());
  assert.notEqual(second.port, first.port);
});

/** What a node answers to bytes sent at once, until it closes or resets the connection. */
function answerTo(node: StateNode, text: string): Promise<string> {
  const socket = connect(node.port, '127.0.0.1').setEncoding('latin1');
  let answer = '';
  socket.on('data', (piece: string) => {
    answer += piece;
  });
  socket.on('error', () => {});
  socket.write(text);
  return new Promise((resolve) => socket.once('close', () => resolve(answer)));
}

test('ignores an upgrade to anything but WebSocket, as RFC 9110, 7.8 allows', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  emit(node, 'first');
  // As curl --http2 asks.
  const h2c = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
  const head = (line: string) => `${line} HTTP/1.1\r\nHost: x\r\n`;
  const publish = '[1,1,0,"second"]';
  const answer = await answerTo(
    node,
    [
      `${head('GET /updates?channel=0')}${h2c}\r\n`,
      `${head('POST /updates?client=1')}Content-Length: ${publish.length}\r\n${h2c}\r\n${publish}`,
      `${head('GET /updates?channel=0')}Connection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    ].join(''),
  );
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200']);
  assert.match(answer, /,"first"\][\s\S]*\{"ack":\[1,2\]\}[\s\S]*,"second"\]/);
  assert.equal(await closeCode(node, '/socket?channel=0&client=1', ['pvw.json'], 'hello'), closeCodes.badRequest);
});

test('answers in order where a held poll and an ignored upgrade come at once', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const hold = 'GET /updates?channel=0&after=0&wait=60000 HTTP/1.1\r\nHost: x\r\n\r\n';
  const poll = 'GET /updates?channel=0 HTTP/1.1\r\nHost: x\r\n';
  const h2c = `${poll}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;
  const last = 'GET /updates?channel=0 HTTP/1.0\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n';
  const sent = [hold, hold, h2c, `${poll}\r\n`, h2c, hold, last].join('');
  const answered = answerTo(node, sent);
  await until(() => node.context.tally.requests === 2, 'the first two are held');
  emit(node, 'x');
  assert.equal((await answered).match(/"x"/g)?.length, 7);
});

test('a WebSocket that is asked for behind a held poll opens after its answer', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const hold = 'GET /updates?channel=0&after=0&wait=60000 HTTP/1.1\r\nHost: x\r\n\r\n';
  const upgrade =
    'GET /socket?channel=0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Protocol: pvw.json\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  const socket = connect(node.port, '127.0.0.1').setEncoding('latin1');
  t.after(() => socket.destroy());
  let answer = '';
  socket.on('data', (piece: string) => {
    answer += piece;
  });
  socket.write(hold + upgrade);
  await until(() => node.context.tally.requests === 1, 'the poll is held');
  assert.equal(answer, '');
  emit(node, 'x');
  await until(() => answer.includes('HTTP/1.1 101'), 'it has switched');
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*"x"[\s\S]*HTTP\/1\.1 101 /);
});

test('over HTTP/2 the limit of open requests is announced', async (t) => {
  const node = await startTestNode({ speaks: 'h2', limits: { openRequests: 7 } });
  t.after(() => node.close());
  const session = connectHttp2(`https://127.0.0.1:${node.port}`, { rejectUnauthorized: false });
  t.after(() => session.destroy());
  const [settings] = await once(session, 'remoteSettings');
  assert.equal(settings.maxConcurrentStreams, 7);
});

test('closes a connection with more open requests than the limit; the others continue', async (t) => {
  const node = await startTestNode({ limits: { openRequests: 10 } });
  t.after(() => node.close());
  const hold = 'GET /updates?channel=0&after=0&wait=60000 HTTP/1.1\r\nHost: x\r\n\r\n';
  const within = connect(node.port, '127.0.0.1');
  t.after(() => within.destroy());
  within.write(hold.repeat(10));
  await until(() => node.context.tally.requests === 10, 'those within the limit are held');
  assert.equal(await answerTo(node, hold.repeat(50_000)), '');
  assert.ok(node.context.tally.requests <= 20, `${node.context.tally.requests} requests`);
  emit(node, 'x');
  const answers: string[] = [];
  for await (const chunk of within) {
    answers.push(chunk.toString('latin1'));
    if (answers.join('').split('HTTP/1.1 200').length === 11) break;
  }
});
