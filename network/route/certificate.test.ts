import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { makeCertificate } from './certificate.ts';

test('is self-signed and valid now, for loopback, localhost and the server’s host', async () => {
  const { key, cert } = await makeCertificate();
  const read = new X509Certificate(cert);
  assert.equal(read.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:10.0.0.11');
  assert.ok(read.checkIP('127.0.0.1') && read.checkIP('10.0.0.11') && read.checkHost('localhost'));
  assert.equal(read.checkIP('127.0.0.2'), undefined);
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.ok(read.verify(read.publicKey));
  assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.ok(Date.parse(read.validFrom) < Date.now() && Date.parse(read.validTo) > Date.now());
  assert.equal(read.ca, false);
});

test('makes a different certificate each time, so trusting one does not trust another', async () => {
  const made = await Promise.all([makeCertificate(), makeCertificate()]);
  const [one, other] = made.map(({ cert }) => new X509Certificate(cert));
  assert.notEqual(one!.serialNumber, other!.serialNumber);
  assert.equal(one!.verify(other!.publicKey), false);
});

test('completes a TLS 1.3 handshake; fails for another host or another trusted certificate', async (t) => {
  const { key, cert } = await makeCertificate([{ type: 7, ip: '127.0.0.1' }]);
  const server = createServer({ key, cert, minVersion: 'TLSv1.3' }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const shake = async (ca: string, servername?: string) => {
    const socket = connect({ port, host: '127.0.0.1', ca, ...(servername && { servername }) });
    try {
      await once(socket, 'secureConnect');
      return [socket.getProtocol(), socket.authorized];
    } finally {
      socket.destroy();
    }
  };
  assert.deepEqual(await shake(cert), ['TLSv1.3', true]);
  await assert.rejects(shake(cert, 'localhost'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await assert.rejects(shake((await makeCertificate()).cert), /self-signed|signature|issuer|verify/i);
});
