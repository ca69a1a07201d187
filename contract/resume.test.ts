import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { startCuttingProxy } from './cutting-proxy.ts';
import { connectClient, emit, pause, range, spokenTransports, startTestNode, until } from './harness.ts';

for (const { transport, speaks, implementation, name } of spokenTransports) {
  test(`${name}: dropped connections cause no loss, repeat or reordering`, async (t) => {
    const node = await startTestNode({ speaks });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const clients = range(0, 3).map((client) =>
      connectClient(node, transport, { implementation, client, port: proxy.port }),
    );
    for (const client of clients) t.after(client.close);
    emit(node, 'the first');
    await until(() => clients.every(({ versions }) => versions.length === 1), 'all clients have the first update');
    for (let i = 2; i <= 200; i++) {
      emit(node, i);
      if (i % 40 === 0) proxy.cut();
      if (i % 4 === 0) await pause(2);
    }
    await until(() => clients.every(({ versions }) => versions.at(-1) === 200), 'all clients are up to date');
    for (const client of clients) {
      assert.deepEqual(client.versions, range(1, 200));
      assert.ok(client.tally.reconnects > 0, 'it was cut off');
    }
  });

  test(`${name}: a client that is cut off on an empty channel misses none of the following updates`, async (t) => {
    const node = await startTestNode({ speaks });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, port: proxy.port, pollIntervalMs: 50 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    await until(() => proxy.cut() > 0, 'the connection is cut');
    for (let i = 1; i <= 3; i++) emit(node, i);
    await until(() => client.versions.at(-1) === 3, 'it is up to date');
    assert.deepEqual(client.versions, [1, 2, 3]);
  });

  test(`${name}: publishes survive dropped connections, and each is accepted once`, async (t) => {
    const accepted: number[] = [];
    const node = await startTestNode({ speaks, onAccepted: ({ version }) => accepted.push(version) });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, client: 5, port: proxy.port });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    for (let sequence = 1; sequence <= 100; sequence++) {
      client.publish(sequence, `message ${sequence}`);
      if (sequence % 25 === 0) {
        await pause(1);
        proxy.cut();
      }
      await pause(1);
    }
    await until(() => client.acknowledged.length === 100, 'all are acknowledged');
    await until(() => client.versions.at(-1) === 100, 'all came back');
    assert.equal(accepted.length, 100);
    const bySequence = client.acknowledged.toSorted((a, b) => a.sequence - b.sequence);
    assert.deepEqual(
      bySequence.map(({ sequence }) => sequence),
      range(1, 100),
    );
    assert.deepEqual(new Set(bySequence.map(({ version }) => version)), new Set(range(1, 100)));
    assert.deepEqual(client.versions, range(1, 100));
  });
}

for (const { transport, speaks, implementation, name } of spokenTransports) {
  if (speaks === 'plain') continue;
  test(`${name}: a connection that is reset as its TLS handshake ends is opened again`, async (t) => {
    const node = await startTestNode({ speaks });
    t.after(() => node.close());
    emit(node, 'the first');
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    let resets = 0;
    const onSocket = (_raw: Socket, inside: Socket) => {
      if (resets < 3) inside.once('secureConnect', () => (resets += Math.sign(proxy.cut())));
    };
    const client = connectClient(node, transport, { implementation, port: proxy.port, onSocket });
    t.after(client.close);
    await until(() => resets === 3 && client.versions.length > 0, 'it has the first update');
    assert.deepEqual(client.versions, [1]);
  });
}

/** The certificate with its signature, which a session that continues leaves out. */
const leastCertificateBytes = 500;

for (const { transport, speaks, implementation, name } of spokenTransports) {
  if (speaks === 'plain') continue;
  test(`${name}: a returning client resumes its TLS session without the certificate`, async (t) => {
    const node = await startTestNode({ speaks });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, port: proxy.port, holdMs: 50 });
    t.after(client.close);
    const tlsDown = () => client.sockets().readBytes - client.sockets().plainReadBytes;
    // Over HTTP/1.1 the connection for publishing opens beside the first one.
    const opened = speaks === 'h2' || transport === 'websocket' ? 1 : 2;
    await until(() => client.timesSubscribed() > 0 && client.openSockets() === opened, 'all of it is open');
    await until(() => tlsDown() > 1_000 * opened, 'each has shown a certificate');
    const before = tlsDown();
    proxy.cut();
    emit(node, 'news');
    await until(() => client.versions.length === 1, 'it is back');
    const again = (tlsDown() - before) / (client.sockets().openedSockets - opened);
    // What both share depends on the version: with OpenSSL 3.5 (Node.js 24, newer versions of 22) the key share alone has more than a kilobyte.
    const first = before / opened;
    assert.ok(
      first - again > leastCertificateBytes,
      `${first} bytes for the first handshake, ${again} for each later one`,
    );
  });
}
