import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2, createSecureServer } from 'node:http2';
import { type AddressInfo, connect as connectTcp, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls, createServer, type TLSSocket } from 'node:tls';
import { makeCertificate } from '../route/certificate.ts';
import { createSocketBytes, type SocketBytes } from './socket-bytes.ts';

const certificate = await makeCertificate();

/** Counts a server's connections with `SocketBytes`, raw and inside TLS, to compare with the client's count. */
function counted(server: Server): SocketBytes {
  const sockets = createSocketBytes();
  // The raw socket's event precedes that of the TLS socket on top of it, and connections come one at a time.
  const raws = new Map<number, Socket>();
  server.on('connection', (raw) => raws.set(raw.remotePort!, raw));
  server.on('secureConnection', (inside: TLSSocket) => sockets.watch(raws.get(inside.remotePort!)!, inside));
  return sockets;
}

async function dialled(t: TestContext, port: number, protocol: string, sockets: SocketBytes): Promise<TLSSocket> {
  const raw = connectTcp({ port, host: '127.0.0.1', noDelay: true });
  await once(raw, 'connect');
  const inside = connectTls({ socket: raw, host: '127.0.0.1', ca: certificate.cert, ALPNProtocols: [protocol] });
  sockets.watch(raw, inside);
  t.after(() => raw.destroy());
  await once(inside, 'secureConnect');
  return inside;
}

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Waits until nothing is in flight and both ends count the same, or gives up. */
async function agreed(client: SocketBytes, server: SocketBytes): Promise<void> {
  const crossed = () => {
    const [one, other] = [client.totals(), server.totals()];
    return [one.writtenBytes, one.readBytes].join() === [other.readBytes, other.writtenBytes].join();
  };
  for (let waited = 0; waited < 5_000 && !crossed(); waited += 10) await new Promise((turn) => setTimeout(turn, 10));
  const [up, down] = [client.totals(), server.totals()];
  assert.equal(up.writtenBytes, down.readBytes);
  assert.equal(up.readBytes, down.writtenBytes);
  assert.equal(up.plainWrittenBytes, down.plainReadBytes);
  assert.equal(up.plainReadBytes, down.plainWrittenBytes);
  assert.ok(up.writtenBytes > up.plainWrittenBytes && up.readBytes > up.plainReadBytes);
}

test('both ends of a TLS connection count the same bytes, raw and inside, open and closed', async (t) => {
  const server = createServer({ ...certificate, minVersion: 'TLSv1.3' }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(bytes.subarray(0, Math.ceil(bytes.length / 2))));
  });
  const [ours, theirs] = [createSocketBytes(), counted(server)];
  const socket = await dialled(t, await listening(t, server), 'http/1.1', ours);
  socket.resume();
  for (const bytes of [1, 100, 5_000, 100_000]) {
    // Strings and corked writes take other paths through Node than a single buffer.
    socket.write(Buffer.alloc(bytes));
    socket.cork();
    socket.write('x'.repeat(bytes));
    socket.write('ü'.repeat(bytes));
    socket.uncork();
    await agreed(ours, theirs);
  }
  assert.equal(ours.totals().plainWrittenBytes, 4 * (1 + 100 + 5_000 + 100_000));
  const open = ours.totals();
  socket.destroy();
  await once(socket, 'close');
  const closed = ours.totals();
  assert.deepEqual([open.openSockets, closed.openSockets, closed.openedSockets], [1, 0, 1]);
  assert.deepEqual([closed.plainWrittenBytes, closed.plainReadBytes], [open.plainWrittenBytes, open.plainReadBytes]);
  assert.ok(closed.writtenBytes >= open.writtenBytes);
});

test('both ends count an HTTP/2 connection alike, although Node reads and writes it below the socket', async (t) => {
  const body = Buffer.alloc(3_000, 'x');
  const server = createSecureServer({ ...certificate, minVersion: 'TLSv1.3' }, (request, response) => {
    request.resume();
    response.end(body);
  });
  const [ours, theirs] = [createSocketBytes(), counted(server)];
  const port = await listening(t, server);
  const socket = await dialled(t, port, 'h2', ours);
  const session = connectHttp2(`https://127.0.0.1:${port}`, { createConnection: () => socket });
  t.after(() => session.destroy());
  for (let round = 0; round < 10; round++) {
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.end(Buffer.alloc(1_000));
    stream.resume();
    await once(stream, 'close');
    await agreed(ours, theirs);
  }
  const { plainWrittenBytes, plainReadBytes } = ours.totals();
  assert.ok(plainWrittenBytes > 10_000 && plainWrittenBytes < 12_000, `${plainWrittenBytes} bytes up`);
  assert.ok(plainReadBytes > 30_000 && plainReadBytes < 32_000, `${plainReadBytes} bytes down`);
});
