import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { openingOf, startEchoServer, travelling } from '../../clients/load/echo-server.ts';
import { codecs } from '../../protocol/codec.ts';
import { RetainedUpdate } from '../../servers/stream/retained-update.ts';

for (const encoding of ['json', 'binary'] as const) {
  test(`the echo sends what the server sends: answers and events in ${encoding}`, () => {
    const payload = Buffer.from('{"text":"hello"}');
    const update = codecs[encoding].encode({ version: 7, channel: 0, intendedUs: 1_000_000_000, payload });
    const { framed, event } = new RetainedUpdate({ version: 7, publisher: -1, acceptedUs: 0 }, update, encoding);
    for (const transport of ['short-polling', 'long-polling'] as const) {
      const [head, ...body] = travelling(transport, encoding, 7, update).toString('latin1').split('\r\n\r\n');
      assert.equal(body.join('\r\n\r\n'), framed.toString('latin1'));
      assert.match(head!, new RegExp(`Content-Length: ${framed.length}\r\n`));
    }
    const size = event.length.toString(16);
    assert.equal(
      travelling('sse', encoding, 7, update).toString('latin1'),
      `${size}\r\n${event.toString('latin1')}\r\n`,
    );
  });
}

test('another WebSocket client reads its handshake and messages of all three sizes of head', async (t) => {
  const server = await startEchoServer();
  t.after(server.close);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, ['pvw.binary']);
  t.after(() => socket.terminate());
  const { head, socket: there } = await server.nextRequest();
  there.write(openingOf('websocket', 'binary', head));
  await new Promise((resolve) => socket.once('open', resolve));
  for (const bytes of [125, 126, 65_535, 65_536]) {
    const sent = Buffer.alloc(bytes, bytes % 251);
    const got = new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)));
    there.write(travelling('websocket', 'binary', 1, sent));
    assert.ok((await got).equals(sent), `${bytes} bytes`);
  }
});
