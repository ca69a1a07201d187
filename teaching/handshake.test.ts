import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startTestNode } from '../contract/harness.ts';
import { acceptDigest, acceptFor, sampleKey } from './handshake.ts';

test('the example of RFC 6455, 1.3', () => {
  assert.equal(acceptDigest(sampleKey).toString('hex'), 'b37a4f2cc0624f1690f64606cf385945b2bec4ea');
  assert.equal(acceptFor(sampleKey), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test('a real server gives the same answer to that key', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const socket = connect(node.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(
    `GET /socket?channel=0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: pvw.json\r\nSec-WebSocket-Key: ${sampleKey}\r\n\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString('latin1'), /^HTTP\/1\.1 101 /);
  assert.ok(answer.includes(`Sec-WebSocket-Accept: ${acceptFor(sampleKey)}\r\n`));
});
