import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { startRelay } from './relay.ts';

const host = '127.0.0.1';

async function startTarget(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, serve);
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address && typeof address !== 'string');
  return address.port;
}

async function relayTo(t: TestContext, port: number, rttMs: number) {
  const relay = await startRelay({ clock: clockSince(newEpoch()), rttMs, host, target: { host, port } });
  t.after(() => relay.close());
  return relay;
}

test('forwards bytes whole and in order in both directions, and counts them', async (t) => {
  const port = await startTarget(t, (socket) => socket.pipe(socket));
  const relay = await relayTo(t, port, 4);
  const sent = randomBytes(3_000_000);
  const socket = connect(relay.port, host);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.end(sent);
  await once(socket, 'close');
  assert.ok(Buffer.concat(chunks).equals(sent));
  assert.deepEqual(relay.totals(), { upBytes: sent.length, downBytes: sent.length, connections: 1 });
});

test('an answer is never early: one RTT late, and one more for the handshake at the start', async (t) => {
  const port = await startTarget(t, (socket) => socket.pipe(socket));
  const relay = await relayTo(t, port, 30);
  const socket = connect(relay.port, host);
  t.after(() => socket.destroy());
  for (const expectedMs of [60, 30, 30]) {
    const startedAt = performance.now();
    socket.write('?');
    await once(socket, 'data');
    // The connect itself took no time and began before the clock was read.
    assert.ok(performance.now() - startedAt >= expectedMs - 2, `${performance.now() - startedAt} ms`);
  }
});

test('forwards an end and a reset', async (t) => {
  const ends: string[] = [];
  const port = await startTarget(t, (socket) => {
    socket.on('data', () => {});
    socket.on('error', () => {});
    socket.on('close', (failed) => ends.push(failed ? 'reset' : 'end'));
    socket.on('end', () => socket.end());
  });
  const relay = await relayTo(t, port, 2);
  const first = connect(relay.port, host);
  first.on('data', () => {});
  first.end('bye');
  await once(first, 'close');
  const second = connect(relay.port, host);
  second.on('error', () => {});
  await once(second, 'connect');
  second.write('x');
  await new Promise((resolve) => setTimeout(resolve, 20));
  second.resetAndDestroy();
  while (ends.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(ends[0], 'end');
});

test('closes the client when the target is missing', async (t) => {
  const port = await startTarget(t, () => {});
  const relay = await relayTo(t, port, 2);
  const unused = await relayTo(t, 1, 2);
  assert.notEqual(unused.port, relay.port);
  const socket = connect(unused.port, host);
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'close');
});

test('bounds what a slow reader leaves unread', async (t) => {
  let written = 0;
  const port = await startTarget(t, (socket) => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = () => {
      while (written < 200e6) {
        written += chunk.length;
        if (!socket.write(chunk)) break;
      }
    };
    socket.on('drain', more);
    socket.on('error', () => {});
    more();
  });
  const relay = await relayTo(t, port, 2);
  const socket = connect(relay.port, host);
  t.after(() => socket.destroy());
  socket.pause();
  let last = -1;
  while (last !== written) {
    last = written;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  assert.ok(written < 100e6, `${written} bytes`);
});
