import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { codecs } from '../protocol/codec.ts';
import type { Compression } from './compression.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { RetainedUpdate } from './stream/retained-update.ts';

function updateOf(version: number, text: string): RetainedUpdate {
  const payload = Buffer.from(JSON.stringify(text));
  const encoded = codecs.json.encode({ version, channel: 0, intendedUs: 1, payload });
  return new RetainedUpdate({ version, publisher: -1, acceptedUs: 0 }, encoded, 'json');
}

/** The whole body of a real response to which `write` writes. */
async function bodyOf(compression: Compression, write: (stream: EventStream) => void): Promise<Buffer> {
  const server = createServer((_, response) => {
    response.writeHead(200);
    write(openEventStream(response, compression));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const [answer] = (await once(get({ port: (server.address() as AddressInfo).port, agent: false }), 'response')) as [
      IncomingMessage,
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } finally {
    server.close();
  }
}

const updates = [1, 2, 3, 4, 5, 6].map((version) => updateOf(version, 'é'.repeat(version * 400)));

function talk(stream: EventStream): void {
  stream.say('id: 0\n\n');
  for (const update of updates) stream.send(update);
  stream.say(':\n\n');
  stream.end('event: too-slow\ndata:too-slow\n\n');
}

const said = `id: 0\n\n${updates.map(({ event }) => event.toString()).join('')}:\n\nevent: too-slow\ndata:too-slow\n\n`;

for (const contextTakeover of [true, false]) {
  test(`contextTakeover ${contextTakeover}: the body is one complete gzip stream with checksum and length`, async () => {
    const body = await bodyOf({ contextTakeover }, talk);
    assert.ok(body.length < said.length / 2);
    assert.equal(gunzipSync(body).toString(), said);
  });
}

test('without compression the body is the plain text', async () => {
  assert.equal((await bodyOf(null, talk)).toString(), said);
});

test('with context an event similar to the previous one costs far less than the first', async () => {
  const text = Array.from({ length: 40 }, (_, i) => `word${(i * 7919) % 1000}`).join(' ');
  const bytesOf = (count: number, contextTakeover: boolean) =>
    bodyOf({ contextTakeover }, (stream) => {
      for (let version = 1; version <= count; version++)
        stream.send(updateOf(version, `${text} ${text} ${text} ${text}`));
      stream.end('');
    });
  const [one, two] = [await bytesOf(1, true), await bytesOf(2, true)];
  const [oneAlone, twoAlone] = [await bytesOf(1, false), await bytesOf(2, false)];
  assert.ok(two.length - one.length < (twoAlone.length - oneAlone.length) / 4);
});
