import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { makeCertificate } from '../../network/route/certificate.ts';
import { defaultLimits } from '../../protocol/limits.ts';
import { until } from '../../testing/commands/started-command.ts';
import { createHttpServer, type Wire } from './http-server.ts';

const certificate = await makeCertificate();

/** Answers every request with its HTTP version, and every upgrade with a line of text. */
async function started(t: TestContext, wire: Wire): Promise<number> {
  const server = createHttpServer(
    defaultLimits,
    {
      answer: ({ request, response }) => {
        response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 6 });
        response.end(`HTTP/${request.httpVersionMajor}`);
      },
      upgrade: ({ socket }) => socket.end('upgraded\n'),
    },
    wire,
  );
  server.on('connection', (socket) => t.after(() => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function shaken(t: TestContext, port: number, offer: ConnectionOptions) {
  const socket = connect({ port, host: '127.0.0.1', ca: certificate.cert, ...offer });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

async function told(t: TestContext, port: number, request: string): Promise<string> {
  const socket = await shaken(t, port, { ALPNProtocols: ['http/1.1'] });
  socket.write(request);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

test('a connection that is reset as its TLS handshake ends does not stay open, whatever it would have spoken', async (t) => {
  for (const protocol of ['h2', 'http/1.1']) {
    const server = createHttpServer(
      defaultLimits,
      { answer: () => {}, upgrade: () => {} },
      { tls: certificate, http: 2 },
    );
    const open = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      t.after(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    let handshakes = 0;
    server.on('secureConnection', () => handshakes++);
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 5; i++) {
      const raw = connectPlain(port, '127.0.0.1');
      t.after(() => raw.destroy());
      const inside = connect({ socket: raw, ca: certificate.cert, host: '127.0.0.1', ALPNProtocols: [protocol] });
      inside.on('error', () => {});
      // The end of the handshake is sent in this turn of the event loop, the reset after it.
      inside.once('secureConnect', () => setImmediate(() => raw.resetAndDestroy()));
      await once(raw, 'close');
    }
    await until(() => handshakes > 0 && open.size === 0);
  }
});

const get = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

for (const http of [1, 2] as const) {
  test(`over TLS HTTP/${http} refuses versions below 1.3, and upgrades come over HTTP/1.1`, async (t) => {
    const port = await started(t, { tls: certificate, http });
    const newest = await shaken(t, port, {});
    assert.equal(newest.getProtocol(), 'TLSv1.3');
    await assert.rejects(shaken(t, port, { maxVersion: 'TLSv1.2' }), /protocol version/i);
    const answer = await told(t, port, get);
    assert.deepEqual([answer.split('\r\n').at(0), answer.split('\r\n').at(-1)], ['HTTP/1.1 200 OK', 'HTTP/1']);
    assert.equal(await told(t, port, upgrade), 'upgraded\n');
    const asking = shaken(t, port, { ALPNProtocols: ['h2'] });
    if (http === 2) assert.equal((await asking).alpnProtocol, 'h2');
    else await assert.rejects(asking, /application protocol/i);
  });
}

test('HTTP/2 without TLS is refused', () => {
  const nobody = { answer: () => {}, upgrade: () => {} };
  assert.throws(() => createHttpServer(defaultLimits, nobody, { http: 2 }), /HTTP\/2 needs TLS/);
});
