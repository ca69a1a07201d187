import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer as createPlainServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer, TLSSocket } from 'node:tls';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { type Certificate, makeCertificate } from '../../network/route/certificate.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import { createSocketBytes } from '../../network/sockets/socket-bytes.ts';
import { codecs } from '../../protocol/codec.ts';
import { createExchangeLog } from '../../protocol/exchange.ts';
import { emptyLoadTally } from '../subscriber/transport-client.ts';
import { createDialler, type Dialler, type Protocol } from './dial.ts';

const certificate = await makeCertificate();
const resuming: Route = { ...directRoute, tls: { resumption: true } };
const notResuming: Route = { ...directRoute, tls: { resumption: false } };

/** Starts a server that echoes what it receives. */
async function startEcho(
  t: TestContext,
  { key, cert }: Certificate = certificate,
  alpn: { readonly ALPNProtocols?: string[] } = { ALPNProtocols: ['http/1.1'] },
): Promise<number> {
  const server = createServer({ key, cert, minVersion: 'TLSv1.3', ...alpn }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(bytes));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function diallerTo(port: number, route: Route, protocol: Protocol = 'http/1.1', host = '127.0.0.1'): Dialler {
  const context = {
    host,
    port,
    route,
    ca: certificate.cert,
    codec: codecs.json,
    implementation: 'lean' as const,
    holdMs: 0,
    publishes: false,
    sockets: createSocketBytes(),
    tally: emptyLoadTally(),
    exchange: createExchangeLog(clockSince(newEpoch())),
    random: () => 0,
  };
  return createDialler(context, protocol);
}

function dialled(t: TestContext, dialler: Dialler): Promise<Socket> {
  return new Promise((resolve, reject) => {
    dialler.dial((error, socket) => {
      if (!socket) {
        reject(error);
        return;
      }
      t.after(() => socket.destroy());
      resolve(socket);
    });
  });
}

/** Sends some bytes and waits for their echo. */
async function echoed(socket: Socket, bytes: number): Promise<void> {
  let left = bytes;
  const back = new Promise<void>((resolve) => {
    const take = (chunk: Buffer) => {
      left -= chunk.length;
      if (left > 0) return;
      socket.off('data', take);
      resolve();
    };
    socket.on('data', take);
  });
  socket.write(Buffer.alloc(bytes, 1));
  await back;
}

test('verifies the certificate: another one, or one for another host, ends the connection', async (t) => {
  const other = await makeCertificate();
  await assert.rejects(dialled(t, diallerTo(await startEcho(t, other), resuming)), /self-signed|signature|verify/i);
  const elsewhere = await startEcho(t);
  await assert.rejects(dialled(t, diallerTo(elsewhere, resuming, 'http/1.1', '127.0.0.2')));
  assert.ok((await dialled(t, diallerTo(elsewhere, resuming))) instanceof TLSSocket);
  assert.ok((await dialled(t, diallerTo(elsewhere, resuming, 'http/1.1', 'localhost'))) instanceof TLSSocket);
});

test('reports an unreachable server, one without TLS, or one without the protocol, exactly once', async (t) => {
  const gone = await startEcho(t);
  await assert.rejects(dialled(t, diallerTo(1, resuming)), { code: 'ECONNREFUSED' });
  await assert.rejects(dialled(t, diallerTo(gone, resuming, 'h2')));
  const plain = createPlainServer((socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  t.after(() => plain.close());
  await assert.rejects(dialled(t, diallerTo((plain.address() as AddressInfo).port, resuming)));
});

test('rejects HTTP/2 when the server does not choose it, even after a complete handshake', async (t) => {
  const deaf = await startEcho(t, certificate, {});
  await assert.rejects(dialled(t, diallerTo(deaf, resuming, 'h2')), /HTTP\/2 was not agreed on/);
  assert.ok((await dialled(t, diallerTo(deaf, resuming))) instanceof TLSSocket);
});

/** Opens two connections in sequence; returns for each whether it was resumed and the bytes of its set-up. */
async function twice(t: TestContext, route: Route) {
  const dialler = diallerTo(await startEcho(t), route);
  const seen: { reused: boolean; down: number; up: number }[] = [];
  let before = dialler.bytes();
  for (let round = 0; round < 2; round++) {
    const socket = (await dialled(t, dialler)) as TLSSocket;
    // Tickets come after the handshake, before the first bytes.
    await echoed(socket, 10);
    const now = dialler.bytes();
    seen.push({
      reused: socket.isSessionReused(),
      down: now.readBytes - before.readBytes,
      up: now.writtenBytes - before.writtenBytes,
    });
    before = now;
    socket.destroy();
    await once(socket, 'close');
  }
  return seen as [(typeof seen)[number], (typeof seen)[number]];
}

test('a returning client resumes its session without the certificate; without resumption it does not', async (t) => {
  const [first, again] = await twice(t, resuming);
  assert.deepEqual([first.reused, again.reused], [false, true]);
  const certificateBytes = Buffer.from(certificate.cert.replace(/-----.*-----|\s/g, ''), 'base64').length;
  assert.ok(first.down - again.down > certificateBytes, `${first.down} and ${again.down} bytes down`);
  const [one, other] = await twice(t, notResuming);
  assert.deepEqual([one.reused, other.reused], [false, false]);
  // Signatures differ by some bytes.
  assert.ok(Math.abs(one.down - other.down) < 10 && one.up === other.up, JSON.stringify([one, other]));
});

test('TLS 1.3 adds 22 bytes per record in both directions, and a record holds 16 KiB', async (t) => {
  const dialler = diallerTo(await startEcho(t), resuming);
  const socket = await dialled(t, dialler);
  await echoed(socket, 1);
  for (const [bytes, records] of [
    [1, 1],
    [100, 1],
    [16_384, 1],
    [16_385, 2],
  ] as const) {
    const before = dialler.bytes();
    await echoed(socket, bytes);
    const now = dialler.bytes();
    const grown = (name: keyof typeof now) => now[name] - before[name];
    assert.deepEqual([grown('plainWrittenBytes'), grown('plainReadBytes')], [bytes, bytes]);
    assert.equal(grown('writtenBytes'), bytes + 22 * records);
    // The other end decides how to split its echo into records.
    assert.ok(grown('readBytes') >= bytes + 22 * records && (grown('readBytes') - bytes) % 22 === 0);
  }
});

test('in plain text the raw socket is the connection', async (t) => {
  const server = createPlainServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const dialler = diallerTo((server.address() as AddressInfo).port, directRoute);
  await echoed(await dialled(t, dialler), 10);
  assert.deepEqual(dialler.bytes(), { readBytes: 10, writtenBytes: 10, plainReadBytes: 10, plainWrittenBytes: 10 });
});
