import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectClient, pause, startTestNode, type TestClient, until } from '../../contract/harness.ts';
import type { Encoding } from '../../protocol/contract-terms.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import type { StateNode } from '../../servers/main/node.ts';

/** Encoded sizes at which a WebSocket frame's head grows (RFC 6455, 5.2), and one in between. */
const sizes = [100, 125, 126, 1000, 65_535, 65_536];
const intendedUs = 1_000_000_000;
const date = 'Date: Sun, 06 Nov 1994 08:49:37 GMT';

/** The payload of the next update of channel 0, so that the encoded update has `bytes` bytes. */
function payloadFor(node: StateNode, bytes: number, version: number): Buffer {
  const { codec } = node.context;
  const empty = codec.encode({ version, channel: 0, intendedUs, payload: Buffer.alloc(0) }).length;
  return Buffer.from(`"${'x'.repeat(bytes - empty - 2)}"`);
}

function emitSized(node: StateNode, bytes: number): number {
  const { stream } = node.context;
  const version = stream.head(0) + 1;
  const payload = payloadFor(node, bytes, version);
  const { encoded } = stream.accept({ channel: 0, intendedUs, payload, publisher: -1 });
  assert.equal(encoded.length, bytes);
  return version;
}

function socketHead(bytes: number): number {
  if (bytes <= 125) return 2;
  return bytes <= 65_535 ? 4 : 10;
}

/** Status line and headers of an answer, whose Date is 29 characters long on every day (RFC 9110, 5.6.7). */
function answerHead(status: string, headers: readonly string[]): number {
  return `HTTP/1.1 ${status}\r\n${[...headers, date, 'Connection: keep-alive', 'Keep-Alive: timeout=600'].join('\r\n')}\r\n\r\n`
    .length;
}

const contentTypes = { json: 'application/json', binary: 'application/octet-stream' } as const;

function pollAnswer(encoding: Encoding, bytes: number): number {
  const body = `${bytes}:,`.length + bytes;
  const headers = [`Content-Type: ${contentTypes[encoding]}`, `Content-Length: ${body}`, 'Cache-Control: no-store'];
  return answerHead('200 OK', headers) + body;
}

function pollRequest(port: number, query: string): number {
  return `GET /updates?channel=0&client=0${query} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\n\r\n`
    .length;
}

type Sized = { readonly encoding: Encoding; readonly bytes: number; readonly version: number; readonly port: number };

/** All bytes that one update costs at the client's socket, encoded update included, computed by hand. */
const costOf: Readonly<Record<Transport, (sized: Sized) => { readonly down: number; readonly up: number }>> = {
  'short-polling': ({ encoding, bytes, version, port }) => ({
    down: pollAnswer(encoding, bytes),
    up: pollRequest(port, `&after=${version - 1}`),
  }),
  // The request that the update answers was sent before; the next one follows it at once.
  'long-polling': ({ encoding, bytes, version, port }) => ({
    down: pollAnswer(encoding, bytes),
    up: pollRequest(port, `&after=${version}&wait=25000`),
  }),
  sse: ({ encoding, bytes, version }) => {
    const data = encoding === 'json' ? bytes : 4 * Math.ceil(bytes / 3);
    const event = `id: ${version}\ndata: \n\n`.length + data;
    return { down: `${event.toString(16)}\r\n\r\n`.length + event, up: 0 };
  },
  websocket: ({ bytes }) => ({ down: socketHead(bytes) + bytes, up: 0 }),
};

/** What one client counts: all bytes at its sockets, and the bytes of encoded updates among them. */
function readBytes({ sockets, subscriber }: TestClient) {
  const { readBytes: down, writtenBytes: up } = sockets();
  return { down, up, updates: subscriber.receivedBytes() };
}

/** Milliseconds in which bytes arrive that should not be there. */
const settleMs = 20;

for (const transport of transports) {
  for (const encoding of ['json', 'binary'] as const) {
    test(`${transport}, ${encoding}: the bytes of an update equal those computed by hand`, async (t) => {
      const node = await startTestNode({ encoding });
      t.after(() => node.close());
      emitSized(node, 100);
      const client = connectClient(node, transport, { pollIntervalMs: 0 });
      t.after(client.close);
      await until(() => client.versions.length === 1 && client.timesSubscribed() === 1, 'the client has a place');
      await pause(settleMs);
      for (const bytes of sizes) {
        const before = readBytes(client);
        const version = emitSized(node, bytes);
        client.transport.poll?.(false);
        await until(() => client.versions.includes(version), 'the update is there');
        await pause(settleMs);
        const after = readBytes(client);
        const cost = costOf[transport]({ encoding, bytes, version, port: node.port });
        const found = { down: after.down - before.down, up: after.up - before.up };
        assert.deepEqual(found, cost, `${bytes} bytes`);
        assert.equal(after.updates - before.updates, bytes);
      }
      assert.deepEqual(
        [node.socketTotals().writtenBytes, node.socketTotals().readBytes],
        [readBytes(client).down, readBytes(client).up],
      );
    });
  }
}

test('a poll that finds nothing costs its request and the head of a 204', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const version = emitSized(node, 100);
  const client = connectClient(node, 'short-polling', { pollIntervalMs: 0 });
  t.after(client.close);
  await until(() => client.timesSubscribed() === 1, 'the client has a place');
  const before = readBytes(client);
  client.transport.poll?.(false);
  await until(() => client.tally.emptyAnswers === 1, 'the answer is there');
  const after = readBytes(client);
  assert.equal(after.down - before.down, answerHead('204 No Content', ['Cache-Control: no-store']));
  assert.equal(after.up - before.up, pollRequest(node.port, `&after=${version}`));
  assert.equal(after.updates, before.updates);
});

/** The publish and its acknowledgement as the publisher's sockets see them. */
function publishCost(transport: Transport, encoding: Encoding, bytes: number, port: number, acknowledgement: string) {
  if (transport === 'websocket') {
    // Frames from a client carry a mask of four bytes (RFC 6455, section 5.3).
    return { up: socketHead(bytes) + 4 + bytes, down: 2 + acknowledgement.length };
  }
  const request = [
    'POST /updates?client=0 HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'connection: keep-alive',
    `content-type: ${contentTypes[encoding]}`,
    `content-length: ${bytes}`,
  ];
  const headers = ['Content-Type: application/json', `Content-Length: ${acknowledgement.length}`];
  return {
    up: `${request.join('\r\n')}\r\n\r\n`.length + bytes,
    down: answerHead('200 OK', headers) + acknowledgement.length,
  };
}

for (const transport of ['short-polling', 'websocket'] as const) {
  for (const encoding of ['json', 'binary'] as const) {
    test(`${transport}, ${encoding}: the bytes of a publish and its acknowledgement equal those computed by hand`, async (t) => {
      const node = await startTestNode({ encoding, echo: false });
      t.after(() => node.close());
      const client = connectClient(node, transport, { pollIntervalMs: 0 });
      t.after(client.close);
      await until(() => client.timesSubscribed() === 1, 'the client has a place');
      await pause(settleMs);
      for (const [i, bytes] of sizes.entries()) {
        const sequence = i + 1;
        const payload = payloadFor(node, bytes, sequence);
        const before = readBytes(client);
        const update = { version: sequence, channel: 0, intendedUs, payload };
        client.transport.publish(sequence, node.context.codec.encode(update));
        await until(() => client.acknowledged.length === sequence, 'the publish is acknowledged');
        await pause(settleMs);
        const after = readBytes(client);
        const acknowledgement = `{"ack":[${sequence},${sequence}]}`;
        assert.deepEqual(
          { up: after.up - before.up, down: after.down - before.down },
          publishCost(transport, encoding, bytes, node.port, acknowledgement),
          `${bytes} bytes`,
        );
      }
    });
  }
}
