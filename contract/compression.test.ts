import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { directRoute, type Route } from '../network/route/route.ts';
import type { Encoding } from '../protocol/contract-terms.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import type { StateNode } from '../servers/main/node.ts';
import {
  type ClientSettings,
  connectClient,
  emit,
  type NodeSettings,
  pause,
  range,
  startTestNode,
  type TestClient,
  until,
} from './harness.ts';

/** The contract over a path that compresses. */

const encodings: readonly Encoding[] = ['json', 'binary'];
const compressions = { 'with context': { contextTakeover: true }, 'without context': { contextTakeover: false } };

for (const [name, compression] of Object.entries(compressions)) {
  const route: Route = { ...directRoute, compression };
  const setUp = async (t: TestContext, transport: Transport, options: NodeSettings = {}) => {
    const node = await startTestNode({ compression, ...options });
    t.after(() => node.close());
    const connected = async (settings: ClientSettings = {}) => {
      const client = connectClient(node, transport, { route, ...settings });
      t.after(client.close);
      await until(() => client.timesSubscribed() > 0, `${transport} is subscribed`);
      return client;
    };
    return { node, connected };
  };

  for (const transport of transports) {
    for (const encoding of encodings) {
      test(`${transport}, ${encoding}, ${name}: each update once and in order, small and large`, async (t) => {
        const { node, connected } = await setUp(t, transport, { encoding });
        const client = await connected();
        const sent = range(1, 300).map((i) => ({ i, text: 'grüße, 世界 🌍 '.repeat(i % 10 === 0 ? 200 : 1) }));
        for (const [i, payload] of sent.entries()) {
          emit(node, payload);
          if (i % 25 === 0) await pause(3);
        }
        await until(() => client.versions.at(-1) === 300, 'the last update is there');
        assert.deepEqual(client.versions, range(1, 300));
        assert.deepEqual(client.payloads, sent);
        assert.ok(client.timesCompressed() > 0, 'it was compressed');
      });
    }

    test(`${transport}, ${name}: an update does not wait for the next one`, async (t) => {
      const { node, connected } = await setUp(t, transport);
      const client = await connected();
      for (const version of range(1, 20)) {
        emit(node, version % 2 === 0 ? version : 'x'.repeat(5_000));
        await until(() => client.versions.at(-1) === version, `update ${version} is there`);
      }
    });

    test(`${transport}, ${name}: publishes of any size are acknowledged`, async (t) => {
      const { node, connected } = await setUp(t, transport);
      const client = await connected();
      for (const sequence of range(1, 6)) client.publish(sequence, 'x'.repeat(sequence % 2 === 0 ? 10 : 10_000));
      await until(
        () => client.acknowledged.length === 6 && client.versions.length === 6,
        'all updates and acknowledgements are there',
      );
      assert.deepEqual(
        client.acknowledged.map(({ version }) => version),
        range(1, 6),
      );
      assert.equal(node.context.stream.head(0), 6);
    });

    test(`${transport}, ${name}: a client that is cut off resumes without loss`, async (t) => {
      const { node, connected } = await setUp(t, transport);
      const client = await connected();
      for (let cut = 0; cut < 3; cut++) {
        for (let i = 0; i < 40; i++) emit(node, { cut, i, text: 'x'.repeat(i * 100) });
        if (cut > 0) await pause(1);
        node.dropConnections();
        emit(node, { cut, after: true });
        await until(() => client.versions.at(-1) === (cut + 1) * 41, 'it is up to date again');
      }
      assert.deepEqual(client.ledger(), { received: 123, missing: 0, duplicated: 0, outOfOrder: 0, newest: 123 });
    });

    test(`${transport}, ${name}: bytes at the socket are those of updates plus framing`, async (t) => {
      const { node, connected } = await setUp(t, transport);
      emit(node, 'the state');
      const client = await connected({ pollIntervalMs: 0 });
      await until(() => client.versions.length === 1, 'the state is there');
      for (const size of [10, 1_100, 20_000]) {
        const { updateBytes, framingBytes, compressed } = await costOfOne(node, client, size);
        assert.equal(compressed, isCompressed(transport, size, compression.contextTakeover), `${size} bytes`);
        assert.ok(updateBytes < size / 2 || !compressed || size === 10, `${updateBytes} of ${size} bytes`);
        const [least, most] = framingOf(transport, updateBytes, compressed);
        assert.ok(framingBytes >= least && framingBytes <= most, `${framingBytes} bytes around ${updateBytes}`);
      }
    });
  }

  for (const transport of ['sse', 'websocket'] as const) {
    test(`${transport}, ${name}: a burst beyond the limit of unsent bytes gets through`, async (t) => {
      const { node, connected } = await setUp(t, transport, { limits: { unsentBytes: 64 * 1024 } });
      const client = await connected();
      for (let i = 0; i < 200; i++) emit(node, [i, 'x'.repeat(8 * 1024)]);
      await until(() => client.versions.at(-1) === 200, 'the last one is there');
      assert.deepEqual(client.versions, range(1, 200));
    });
  }
}

const settleMs = 20;

function received({ sockets, subscriber, timesCompressed }: TestClient) {
  return { allBytes: sockets().readBytes, updateBytes: subscriber.receivedBytes(), compressed: timesCompressed() };
}

/** Mean bytes at the client's socket per update of this size. */
async function costOfOne(node: StateNode, client: TestClient, size: number) {
  const times = 10;
  await pause(settleMs);
  const before = received(client);
  for (let i = 0; i < times; i++) {
    const version = emit(node, '0123456789'.repeat(size / 10));
    client.transport.poll?.(false);
    await until(() => client.versions.at(-1) === version, 'the update is there');
  }
  await pause(settleMs);
  const after = received(client);
  const updateBytes = after.updateBytes - before.updateBytes;
  const framingBytes = after.allBytes - before.allBytes - updateBytes;
  return {
    updateBytes: updateBytes / times,
    framingBytes: framingBytes / times,
    compressed: after.compressed > before.compressed,
  };
}

/** SSE is always compressed, and so are WebSocket messages with context. Everything else only above 1,024 bytes. */
function isCompressed(transport: Transport, size: number, contextTakeover: boolean): boolean {
  return transport === 'sse' || size > 1_024 || (transport === 'websocket' && contextTakeover);
}

/** The least and the most framing bytes of an update. A WebSocket frame header has 2 bytes up to a payload of 125. */
function framingOf(transport: Transport, updateBytes: number, compressed: boolean): readonly [number, number] {
  if (transport === 'websocket') return updateBytes <= 125 ? [2, 2] : [4, 4];
  // The header and end of a chunk; a large event may take several.
  if (transport === 'sse') return [5, 20];
  const lines = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    ...(compressed ? ['Content-Encoding: gzip'] : []),
    'Content-Length: ',
    'Cache-Control: no-store',
    'Date: Sun, 06 Nov 1994 08:49:37 GMT',
    'Connection: keep-alive',
    'Keep-Alive: timeout=600',
  ];
  const head = `${lines.join('\r\n')}\r\n\r\n`.length;
  // Adds the digits of Content-Length, and for an uncompressed answer the netstring around the update.
  return [head + 2, head + 3 + (compressed ? 0 : 4)];
}

test('an answer is compressed only if configured, accepted by the client, and above the threshold', async (t) => {
  const node = await startTestNode({ compression: { contextTakeover: true } });
  t.after(() => node.close());
  const encodingOf = async (accepted: string, path: string) => {
    const { headers, body } = await fetch(`http://127.0.0.1:${node.port}${path}`, {
      headers: { 'accept-encoding': accepted },
    });
    await body?.cancel();
    return headers.get('content-encoding');
  };
  emit(node, 'x'.repeat(2_000));
  for (const path of ['/updates?channel=0', '/events?channel=0']) {
    assert.equal(await encodingOf('gzip', path), 'gzip');
    assert.equal(await encodingOf('br, GZIP;q=0.5', path), 'gzip');
    for (const refusing of ['identity', 'br', 'gzip;q=0', 'gzip; q=0.0, br']) {
      assert.equal(await encodingOf(refusing, path), null, refusing);
    }
  }
  emit(node, 'x'.repeat(900));
  assert.equal(await encodingOf('gzip', '/updates?channel=0'), null);
  const plain = await startTestNode();
  t.after(() => plain.close());
  emit(plain, 'x'.repeat(2_000));
  const answer = await fetch(`http://127.0.0.1:${plain.port}/updates?channel=0`, {
    headers: { 'accept-encoding': 'gzip' },
  });
  assert.equal(answer.headers.get('content-encoding'), null);
  await answer.body?.cancel();
});

test('an answer with a single update is compressed once for all clients', async (t) => {
  const node = await startTestNode({ compression: { contextTakeover: false } });
  t.after(() => node.close());
  emit(node, 'x'.repeat(5_000));
  const update = node.context.stream.newest(0)!;
  assert.equal(update.gzippedFrame, update.gzippedFrame);
  assert.equal(update.deflatedEvent, update.deflatedEvent);
  assert.ok(update.gzippedFrame.length < 500 && update.deflatedEvent.length < 500);
});
