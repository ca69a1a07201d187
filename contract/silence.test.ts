import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { subprotocols } from '../protocol/socket-messages.ts';
import type { StateNode } from '../servers/main/node.ts';
import { connectClient, emit, pause, spokenTransports, startTestNode, until } from './harness.ts';

/** Sends a raw request and collects the response. */
function ask(
  t: TestContext,
  node: StateNode,
  target: string,
): { readonly text: () => string; readonly socket: Socket } {
  const socket = connect(node.port, '127.0.0.1');
  t.after(() => socket.destroy());
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return { text: () => received, socket };
}

test('short polling: without updates the answer is 204 at once, without a body', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  emit(node, 'state');
  const { text } = ask(t, node, '/updates?channel=0&client=1&after=1');
  await until(() => text().endsWith('\r\n\r\n'), 'the answer is there');
  assert.match(text(), /^HTTP\/1\.1 204 No Content\r\n/);
  assert.equal(node.context.tally.emptyAnswers, 1);
});

test('answers have a fixed set of headers', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  emit(node, 'state');
  const { text } = ask(t, node, '/updates?channel=0');
  await until(() => text().includes('"state"'), 'the answer is there');
  const names = [...text().matchAll(/^([A-Za-z-]+): /gm)].map((match) => match[1]);
  assert.deepEqual(names, ['Content-Type', 'Content-Length', 'Cache-Control', 'Date', 'Connection', 'Keep-Alive']);
});

test('long polling: a hold without an update ends with 204 and not early', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  emit(node, 'state');
  const startedAt = performance.now();
  const { text } = ask(t, node, '/updates?channel=0&client=1&after=1&wait=150');
  await until(() => text().includes('204'), 'the hold has ended');
  assert.ok(performance.now() - startedAt >= 149);
  assert.equal(node.context.stream.subscribers(0), 0);
});

test('long polling: a hold beyond the limit is cut to it', async (t) => {
  const node = await startTestNode({ limits: { holdMs: 50 } });
  t.after(() => node.close());
  const { text } = ask(t, node, '/updates?channel=0&client=1&after=0&wait=3600000');
  await until(() => text().includes('204'), 'the hold has ended');
});

test('long polling: an aborted hold frees its subscription', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const { socket } = ask(t, node, '/updates?channel=0&client=1&after=0&wait=60000');
  await until(() => node.context.stream.subscribers(0) === 1, 'it is held');
  socket.destroy();
  await until(() => node.context.stream.subscribers(0) === 0, 'the server has dropped it');
});

test('SSE: the server sends comments during silence', async (t) => {
  const node = await startTestNode({ heartbeatMs: 60 });
  t.after(() => node.close());
  const { text } = ask(t, node, '/events?channel=0&client=0');
  await until(() => (text().match(/:\n\n/g) ?? []).length >= 3, 'three comments came');
  assert.ok(node.context.tally.heartbeats >= 3);
});

test('WebSocket: the server pings during silence; a client that does not answer is cut off', async (t) => {
  const node = await startTestNode({ heartbeatMs: 60 });
  t.after(() => node.close());
  const url = `ws://127.0.0.1:${node.port}/socket?channel=0&client=0`;
  const answering = new WebSocket(url, [subprotocols.json]);
  const silent = new WebSocket(url, [subprotocols.json], { autoPong: false });
  t.after(() => answering.terminate());
  let pings = 0;
  let silentClosed = false;
  answering.on('ping', () => pings++);
  silent.on('close', () => {
    silentClosed = true;
  });
  await until(() => silentClosed, 'the silent one is cut off');
  const before = pings;
  await until(() => pings >= before + 3, 'the other one is still pinged');
  assert.equal(answering.readyState, WebSocket.OPEN);
});

test('heartbeats beat where they were moved to, though an update came before, unless one comes after', async (t) => {
  const node = await startTestNode({ heartbeatMs: 2_000 });
  t.after(() => node.close());
  const { heartbeats, clock, tally, stream } = node.context;
  for (let client = 0; client < 20; client++) ask(t, node, `/events?channel=0&client=${client}`);
  await until(() => stream.subscribers(0) === 20, 'all are subscribed');
  emit(node, 'state');
  heartbeats.settle(1e9, clock.nowUs());
  // One each 100 ms; counted from the update, all together after 2 s.
  await until(() => tally.heartbeats >= 3, 'the first ones beat');
  assert.ok(tally.heartbeats < 10, `${tally.heartbeats} at once`);
  heartbeats.settle(1e9, clock.nowUs());
  emit(node, 'newer');
  const before = tally.heartbeats;
  await pause(400);
  assert.equal(tally.heartbeats, before);
});

test('paused heartbeats, the ends of holds included, follow after the pause', async (t) => {
  const node = await startTestNode({ heartbeatMs: 40 });
  t.after(() => node.close());
  node.context.heartbeats.pause();
  const stream = ask(t, node, '/events?channel=0&client=0');
  const poll = ask(t, node, '/updates?channel=0&client=1&after=0&wait=20');
  await pause(200);
  assert.equal(node.context.tally.heartbeats, 0);
  assert.equal(poll.text(), '');
  node.context.heartbeats.resume();
  await until(() => stream.text().includes(':\n\n') && poll.text().includes('204'), 'both heartbeats were made up for');
});

for (const { transport, speaks, implementation, name } of spokenTransports) {
  if (transport !== 'long-polling') continue;
  test(`${name}: a hold without an update ends with an empty answer, and the next request follows`, async (t) => {
    const node = await startTestNode({ speaks });
    t.after(() => node.close());
    emit(node, 'state');
    const client = connectClient(node, transport, { implementation, holdMs: 40 });
    t.after(client.close);
    await until(() => client.tally.emptyAnswers >= 3, 'three holds ended');
    emit(node, 'at last');
    await until(() => client.versions.at(-1) === 2, 'the update is there');
    assert.equal(client.tally.reconnects, 0);
  });
}
