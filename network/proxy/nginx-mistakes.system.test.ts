import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { emit, pause, startTestNode, until } from '../../contract/harness.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import type { StateNode } from '../../servers/main/node.ts';
import type { Mistake } from '../route/route.ts';
import { startNginx } from './nginx.ts';

/**
 * What each mistake does to one client, byte by byte; testing/trials/mistakes.faults.test.ts tests its effect on a
 * trial.
 */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';

/** Default of proxy_buffer_size: a page of memory. */
const bufferBytes = 4096;

async function through(
  t: TestContext,
  mistake: Mistake | null,
): Promise<{ readonly node: StateNode; readonly port: number }> {
  const node = await startTestNode();
  const directory = mkdtempSync(join(tmpdir(), 'pvw-mistake-'));
  const nginx = await startNginx({
    directory,
    host: '127.0.0.1',
    nodes: [{ host: '127.0.0.1', port: node.port }],
    balancing: 'ip_hash',
    mistake,
    tls: null,
    http: 1,
    connections: 10,
    holdMs: scenarioFields.holdMs.default,
    heartbeatMs: scenarioFields.heartbeatMs.default,
  });
  t.after(async () => {
    nginx.stop();
    await node.close();
    rmSync(directory, { recursive: true });
  });
  return { node, port: nginx.port };
}

/** Starts reading events; returns a function that gives the bytes read so far. */
async function readEvents(t: TestContext, port: number): Promise<() => number> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  socket.write('GET /events?channel=0 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return () => bytes;
}

/** Long enough for everything that is still to come. */
const settledMs = 250;

test('events pass one by one with a correct configuration', { skip }, async (t) => {
  const { node, port } = await through(t, null);
  const bytes = await readEvents(t, port);
  await until(() => bytes() > 0, 'the answer has begun');
  for (let i = 1; i <= 5; i++) {
    const before = bytes();
    emit(node, 'x'.repeat(100));
    await until(() => bytes() > before + 100, `event ${i} is here before the next is sent`);
  }
});

test('buffered: nothing arrives, headers included, until 4 kB are together; then all of it', { skip }, async (t) => {
  const { node, port } = await through(t, 'buffered-sse');
  const bytes = await readEvents(t, port);
  await until(() => node.context.stream.subscribers(0) === 1, 'the server has answered');
  emit(node, 'x'.repeat(1_000));
  emit(node, 'x'.repeat(1_000));
  await pause(settledMs);
  assert.equal(bytes(), 0, 'two events were sent');
  emit(node, 'x'.repeat(1_000));
  emit(node, 'x'.repeat(1_000));
  await until(() => bytes() >= bufferBytes, 'four of them fill the buffer');
  await pause(settledMs);
  const filled = bytes();
  emit(node, 'the last');
  await pause(settledMs);
  assert.equal(bytes(), filled, 'the last event stays in the buffer');
});

test('an idle long poll gets 504 at the timeout, and the server is asked again', {
  skip,
}, async (t) => {
  const { node, port } = await through(t, 'short-read-timeout');
  emit(node, 'the state');
  const url = `http://127.0.0.1:${port}/updates?channel=0`;
  for (let i = 0; i < 2; i++) {
    const asked = performance.now();
    const { status } = await fetch(`${url}&after=1&wait=20000`);
    const tookMs = performance.now() - asked;
    assert.equal(status, 504);
    assert.ok(tookMs > 900 && tookMs < 15_000, `${tookMs} ms`);
  }
  assert.equal((await fetch(`${url}&after=0`)).status, 200);
});

test('with a correct configuration the server ends the hold with 204', { skip }, async (t) => {
  const { node, port } = await through(t, null);
  emit(node, 'the state');
  const { status } = await fetch(`http://127.0.0.1:${port}/updates?channel=0&after=1&wait=1500`);
  assert.equal(status, 204);
});

for (const [mistake, says] of [
  [null, 'open'],
  ['no-upgrade-headers', 'Unexpected server response: 426'],
] as const) {
  test(`a WebSocket handshake, ${mistake ?? 'as it should be'}: ${says}`, { skip }, async (t) => {
    const { port } = await through(t, mistake);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket?channel=0`, 'pvw.json');
    t.after(() => socket.terminate());
    const told = await new Promise((settled) => {
      socket.once('open', () => settled('open'));
      socket.once('error', ({ message }) => settled(message));
    });
    assert.equal(told, says);
  });
}

test('each poll opens a connection to the server unless connections are kept', { skip }, async (t) => {
  const opened = async (mistake: Mistake | null) => {
    const { node, port } = await through(t, mistake);
    for (let i = 0; i < 20; i++) await (await fetch(`http://127.0.0.1:${port}/updates?channel=0&after=0`)).text();
    return node.socketTotals().openedSockets;
  };
  assert.deepEqual([await opened(null), await opened('no-upstream-keepalive')], [1, 20]);
});
