import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { closeCodes } from '../protocol/socket-messages.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { connectClient, emitBytes, pause, spokenTransports, startTestNode, until } from './harness.ts';

const big = Buffer.from(JSON.stringify('x'.repeat(64 * 1024)));
const limits = { unsentBytes: 256 * 1024, retainedUpdates: 50 };

for (const { transport, speaks, implementation, name } of spokenTransports) {
  if (transport !== 'sse' && transport !== 'websocket') continue;
  test(`${name}, every: a slow reader loses its subscription, gets gone and continues with the newest state`, async (t) => {
    const node = await startTestNode({ speaks, limits });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, port: proxy.port });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    proxy.stall();
    // Far more than the kernel buffers, the limit of unsent bytes and the ring hold together.
    for (let i = 0; i < 320; i++) {
      emitBytes(node, big);
      if (i % 20 === 0) await pause(1);
    }
    assert.ok(node.context.tally.slowReaders > 0, 'it counted as slow');
    assert.equal(node.context.stream.subscribers(0), 0, 'its subscription has ended');
    proxy.flow();
    // Its version has left the ring: it gets `gone` and starts over with the newest state.
    await until(() => client.versions.at(-1) === 320, 'it is up to date again');
    assert.ok(client.tally.reconnects > 0);
    assert.ok(client.timesGone() > 0, 'the client got `gone` instead of a silent gap');
  });

  test(`${name}, every: a temporarily slow reader loses nothing that is still retained`, async (t) => {
    const node = await startTestNode({ speaks, limits: { unsentBytes: 256 * 1024, retainedBytes: 256 * 1024 * 1024 } });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, port: proxy.port });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    proxy.stall();
    for (let i = 0; i < 320; i++) {
      emitBytes(node, big);
      if (i % 20 === 0) await pause(1);
    }
    assert.ok(node.context.tally.slowReaders > 0, 'it counted as slow');
    proxy.flow();
    await until(() => client.versions.at(-1) === 320, 'it has caught up');
    const { received, missing, duplicated } = client.ledger();
    assert.deepEqual({ received, missing, duplicated }, { received: 320, missing: 0, duplicated: 0 });
    assert.equal(client.tally.reconnects, 0);
  });
}

test('WebSocket: the close code for a slow reader says that it was too slow', async (t) => {
  const node = await startTestNode({ limits });
  t.after(() => node.close());
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}/socket?channel=0`, ['pvw.json']);
  t.after(() => socket.terminate());
  await until(() => socket.readyState === WebSocket.OPEN, 'open');
  let code = 0;
  socket.on('close', (closed) => {
    code = closed;
  });
  socket.pause();
  for (let i = 0; i < 320; i++) {
    emitBytes(node, big);
    if (i % 20 === 0) await pause(1);
  }
  socket.resume();
  await until(() => code !== 0, 'closed');
  assert.equal(code, closeCodes.tooSlow);
});
