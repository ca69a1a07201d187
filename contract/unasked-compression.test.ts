import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { constants, createGzip } from 'node:zlib';
import { clientImplementations } from '../network/route/client-implementation.ts';
import type { StateNode } from '../servers/main/node.ts';
import { connectClient, emit, range, startTestNode, until } from './harness.ts';

/** A proxy that compresses every answer, as some do, whether or not the client asked for it. */
async function startCompressingProxy(t: TestContext, node: StateNode): Promise<number> {
  const proxy = createServer((request, response) => {
    const onward = get({ host: '127.0.0.1', port: node.port, path: request.url, agent: false }, (answer) => {
      const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
      const hasBody = answer.statusCode === 200;
      response.writeHead(answer.statusCode!, { ...headers, ...(hasBody && { 'content-encoding': 'gzip' }) });
      response.flushHeaders();
      if (hasBody) answer.pipe(createGzip({ flush: constants.Z_SYNC_FLUSH })).pipe(response);
      else response.end();
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close().closeAllConnections());
  return (proxy.address() as AddressInfo).port;
}

for (const implementation of clientImplementations) {
  for (const transport of ['short-polling', 'long-polling', 'sse'] as const) {
    test(`${transport}, ${implementation}: answers that a proxy compresses unasked are read`, async (t) => {
      const node = await startTestNode();
      t.after(() => node.close());
      emit(node, 'the first');
      const port = await startCompressingProxy(t, node);
      const clients = range(0, 4).map((client) => connectClient(node, transport, { client, port, implementation }));
      for (const client of clients) t.after(client.close);
      await until(() => clients.every(({ versions }) => versions.length === 1), 'all have the first update');
      for (let i = 0; i < 50; i++) emit(node, `update ${i} ${'x'.repeat(i * 40)}`);
      await until(() => clients.every(({ versions }) => versions.at(-1) === 51), 'all are up to date');
      for (const client of clients) {
        assert.deepEqual(client.versions, range(1, 51));
        assert.ok(client.timesCompressed() > 0);
        assert.equal(client.tally.errors, 0);
      }
    });
  }
}
