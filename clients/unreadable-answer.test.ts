import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { newEpoch } from '../machine/process/clock.ts';
import { directRoute, type Route } from '../network/route/route.ts';
import type { Transport } from '../protocol/transport.ts';
import { findScenario } from '../scenarios/catalogue/catalogue.ts';
import { Load } from './load/load.ts';

/** The error when two clients get this answer and cannot connect. */
async function complaintOf(
  t: TestContext,
  transport: Transport,
  answer: RequestListener,
  route: Route = directRoute,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  // Accepts every handshake with the key that RFC 6455 computes from another one.
  server.on('upgrade', (_request, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Protocol: pvw.json\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    );
  });
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const load = new Load({
    transport,
    scenario: { ...findScenario('chat-room')!, clients: 2, channels: 1 },
    from: 0,
    to: 2,
    host: '127.0.0.1',
    ports: [(server.address() as AddressInfo).port],
    route,
    epoch: newEpoch(),
    seed: 'unreadable',
  });
  t.after(() => load.close());
  return load.connect({ perSecond: 1_000, withinMs: 1_000 }).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

/** Answers with a compressed body whatever the request, as some proxies do. */
function compressing(status: number): RequestListener {
  return ({ url }, response) => {
    const type = url?.startsWith('/events') ? 'text/event-stream' : 'application/json';
    response.writeHead(status, { 'content-type': type, 'content-encoding': 'br' });
    response.end(brotliCompressSync('id: 1\ndata: [1,2,0,"news"]\n\n'));
  };
}

for (const transport of ['short-polling', 'long-polling', 'sse'] as const) {
  test(`${transport}: reports an answer in a compression that was not requested`, async (t) => {
    assert.equal(
      await complaintOf(t, transport, compressing(200)),
      '2 of 2 clients not subscribed after 1000 ms: answered with content-encoding br, which was not asked for',
    );
  });
}

for (const transport of ['short-polling', 'long-polling'] as const) {
  test(`${transport}: reports a body declared as gzip that is not`, async (t) => {
    const compression: Route = { ...directRoute, compression: { contextTakeover: true } };
    const lying: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end('no gzip');
    };
    assert.match(
      await complaintOf(t, transport, lying, compression),
      /^2 of 2 clients not subscribed .*: answered with content-encoding gzip and a body that is none$/,
    );
  });
}

test('with browser headers the compression was requested, but the client cannot read it', async (t) => {
  const browser: Route = { ...directRoute, headers: 'browser' };
  assert.match(
    await complaintOf(t, 'short-polling', compressing(200), browser),
    /: answered with content-encoding br, which a browser asks for and this client cannot read$/,
  );
});

test('a refusal is reported by its status, even when its page is compressed', async (t) => {
  assert.match(await complaintOf(t, 'long-polling', compressing(502)), /: GET answered 502 ?$/);
});

test('a WebSocket handshake with another key is reported', async (t) => {
  const never: RequestListener = (_request, response) => response.end();
  assert.match(await complaintOf(t, 'websocket', never), /: WebSocket: Invalid Sec-WebSocket-Accept header$/);
});
