import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { newEpoch } from '../machine/process/clock.ts';
import { type ClientImplementation, clientImplementations } from '../network/route/client-implementation.ts';
import { directRoute, type Route } from '../network/route/route.ts';
import type { Transport } from '../protocol/transport.ts';
import { findScenario } from '../scenarios/catalogue/catalogue.ts';
import { Load } from './load/load.ts';

/** The error when two clients get this answer and cannot connect. */
async function complaintOf(
  t: TestContext,
  transport: Transport,
  answer: RequestListener,
  implementation: ClientImplementation = 'lean',
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
  return complaintAbout(t, server, transport, implementation, route);
}

/** The error when two clients cannot connect to this server. */
function complaintAbout(
  t: TestContext,
  server: Server,
  transport: Transport,
  implementation: ClientImplementation,
  route: Route = directRoute,
): Promise<string> {
  const load = new Load({
    transport,
    scenario: { ...findScenario('chat-room')!, clients: 2, channels: 1 },
    from: 0,
    to: 2,
    host: '127.0.0.1',
    ports: [(server.address() as AddressInfo).port],
    route,
    implementation,
    epoch: newEpoch(),
    seed: 'unreadable',
  });
  t.after(() => load.close());
  return load.connect({ perSecond: 1_000, underWay: 1, withinMs: 300 }).then(
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

for (const implementation of clientImplementations)
  for (const transport of ['short-polling', 'long-polling', 'sse'] as const) {
    test(`${transport}, ${implementation}: reports an answer in a compression that was not requested`, async (t) => {
      assert.equal(
        await complaintOf(t, transport, compressing(200), implementation),
        '2 of 2 clients not subscribed after 300 ms: answered with content-encoding br, which was not asked for',
      );
    });
  }

for (const [transport, implementation] of [
  ['short-polling', 'library'],
  ['long-polling', 'lean'],
] as const) {
  test(`${transport}, ${implementation}: reports a body declared as gzip that is not`, async (t) => {
    // Lean clients do not ask for compression; a proxy may compress all the same.
    const compression: Route =
      implementation === 'lean' ? directRoute : { ...directRoute, compression: { contextTakeover: true } };
    const lying: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end('no gzip');
    };
    assert.match(
      await complaintOf(t, transport, lying, implementation, compression),
      /^2 of 2 clients not subscribed .*: answered with content-encoding gzip and a body that is none$/,
    );
  });
}

test('with browser headers the compression was requested, but the client cannot read it', async (t) => {
  const browser: Route = { ...directRoute, headers: 'browser' };
  assert.match(
    await complaintOf(t, 'short-polling', compressing(200), 'lean', browser),
    /: answered with content-encoding br, which a browser asks for and this client cannot read$/,
  );
});

test('a refusal is reported by its status, even when its page is compressed', async (t) => {
  assert.match(await complaintOf(t, 'long-polling', compressing(502)), /: GET answered 502 ?$/);
});

for (const implementation of clientImplementations) {
  test(`a WebSocket handshake with another key is reported, ${implementation}`, async (t) => {
    const never: RequestListener = (_request, response) => response.end();
    const text = await complaintOf(t, 'websocket', never, implementation);
    assert.match(text, /: WebSocket: Invalid Sec-WebSocket-Accept header$/i);
  });
}

for (const implementation of clientImplementations) {
  test(`a WebSocket handshake that is answered with a status is reported by it, ${implementation}`, async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    server.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n'),
    );
    await once(server, 'listening');
    t.after(() => server.close().closeAllConnections());
    const text = await complaintAbout(t, server, 'websocket', implementation);
    assert.match(text, /: the WebSocket handshake was answered with 426$/);
  });
}

for (const implementation of clientImplementations) {
  test(`${implementation}: a connection that ends within chunks was lost, and nothing was wrong with the answer`, async (t) => {
    const ending: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
      response.write('9:');
      response.socket!.end();
    };
    assert.match(
      await complaintOf(t, 'long-polling', ending, implementation),
      /^2 of 2 clients not subscribed after 300 ms: \d+ attempts were made again$/,
    );
  });
}
