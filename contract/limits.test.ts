import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
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
