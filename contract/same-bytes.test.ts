import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { ClientImplementation } from '../network/route/client-implementation.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import { connectClient, emit, startTestNode, until } from './harness.ts';

/** What went through one connection. */
type Passed = { up: string; down: string };

/** A proxy that keeps all bytes, by connection. */
async function startKeepingProxy(t: TestContext, targetPort: number): Promise<{ port: number; passed: Passed[] }> {
  const passed: Passed[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const one: Passed = { up: '', down: '' };
    passed.push(one);
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => {
      one.up += chunk.toString('latin1');
      target.write(chunk);
    });
    target.on('data', (chunk) => {
      one.down += chunk.toString('latin1');
      client.write(chunk);
    });
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { port: address.port, passed };
}

const keyOrAccept = /(sec-websocket-(?:key|accept): )\S+/gi;
const date = /(date: )[^\r]+/gi;
const instant = /(?<=\[\d+,)\d+/g;

/** Frames of a client are masked at random: only their length can be compared (RFC 6455, 5.3). */
function comparable({ up, down }: Passed, port: number, transport: Transport): unknown {
  const headEnd = transport === 'websocket' ? up.indexOf('\r\n\r\n') + 4 : up.length;
  return {
    up: up.slice(0, headEnd).replaceAll(keyOrAccept, '$1').replaceAll(`:${port}`, ':PORT').replaceAll(instant, ''),
    frameBytes: up.length - headEnd,
    down: down.replaceAll(keyOrAccept, '$1').replaceAll(date, '$1').replaceAll(instant, ''),
  };
}

/** Everything that passes while one client receives, publishes, and answers heartbeats. */
async function passedBetween(t: TestContext, transport: Transport, implementation: ClientImplementation) {
  const node = await startTestNode({ heartbeatMs: 3_600_000 });
  t.after(() => node.close());
  const { port, passed } = await startKeepingProxy(t, node.port);
  emit(node, 'the first');
  const client = connectClient(node, transport, { port, implementation, pollIntervalMs: 0 });
  t.after(client.close);
  const receive = async (version: number) => {
    client.transport.poll?.(false);
    await until(() => client.versions.at(-1) === version, `version ${version} is there`);
  };
  await until(() => client.timesSubscribed() > 0, 'it is subscribed');
  await receive(1);
  for (const payload of ['another', 'x'.repeat(200), { of: 'x'.repeat(70_000) }]) await receive(emit(node, payload));
  client.publish(1, 'a message');
  await until(() => client.acknowledged.length === 1, 'it is acknowledged');
  await receive(5);
  client.publish(2, 'y'.repeat(300));
  await until(() => client.acknowledged.length === 2, 'it is acknowledged');
  await receive(6);
  // It asks at once for what comes after the last update.
  if (transport === 'long-polling')
    await until(() => passed.some(({ up }) => up.includes('after=6&')), 'it asks again');
  await until(() => passed.every(({ up, down }) => up !== '' && down !== ''), 'all was answered');
  return passed
    .map((one) => comparable(one, port, transport))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

for (const transport of transports) {
  test(`${transport}: lean clients and those of libraries send and receive the same bytes`, async (t) => {
    const [lean, library] = [await passedBetween(t, transport, 'lean'), await passedBetween(t, transport, 'library')];
    assert.deepEqual(lean, library);
  });
}
